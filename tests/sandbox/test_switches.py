"""What the program is told: rights by area, strict verbs, undoing, a database of one's own."""

import httpx
import pytest

from reconciler.catalogue import load_kinds
from reconciler.diagnostics import UsageError
from reconciler.sandbox.cluster import running_cluster
from reconciler.sandbox.settings import KeySpec
from tests.sandbox_server import running_sandbox

from .conftest import ONE, OTHER

AREAS = {"Authorization": "Bearer areas"}
HALF = {"Authorization": "Bearer half"}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /bookings", 200),
        ("PATCH /bookings", 403),
        ("PUT /bookings?id=eq.00000000-0000-4000-8000-000000000001", 403),
        ("DELETE /bookings", 403),
        ("GET /sites", 200),
        ("GET /taxes", 403),
        ("GET /contact_bookings?select=id,contacts(id)", 200),
        ("GET /organizations", 403),
        ("POST /seasons", 400),
        ("GET /availability?product_id=00000000-0000-4000-8000-000000000001", 200),
        ("POST /book", 403),
    ],
)
def test_areas(http: httpx.Client, line: str, status: int) -> None:
    method, url = line.split()
    body: dict[str, str] | None = {} if method in {"POST", "PATCH", "PUT"} else None
    answer = http.request(method, url, json=body, headers=AREAS)
    assert answer.status_code == status, answer.text


def test_what_is_hidden_cannot_be_embedded(http: httpx.Client) -> None:
    answer = http.get("/contact_bookings?select=id,contacts(id)", headers=HALF)
    assert (answer.status_code, answer.json()["message"]) == (
        403,
        "permission denied for table contacts",
    )
    full = {**HALF, "Prefer": "return=representation"}
    url = "/contact_bookings?id=is.null&select=id,contacts(id)"
    assert http.delete(url, headers=full).status_code == 403
    assert http.delete(url, headers=HALF).status_code == 204


def test_the_document_shows_what_a_key_may_use(http: httpx.Client) -> None:
    everything, part = http.get("/").json(), http.get("/", headers=AREAS).json()
    assert len(everything["definitions"]) == len(load_kinds())
    assert set(everything["paths"]["/taxes"]) == {"get", "post", "patch", "delete"}
    assert set(part["paths"]["/bookings"]) == {"get"}
    assert "/taxes" not in part["paths"]
    column = everything["definitions"]["contact_bookings"]["properties"]["contact_id"]
    assert (column["type"], column["format"]) == ("string", "uuid")
    assert "<fk table='contacts' column='id'/>" in column["description"]


@pytest.mark.parametrize("text", ["x", "k=1", f"k={ONE}", f"k={ONE}:write", f"k={ONE}:A=all"])
def test_a_key_that_is_none(text: str) -> None:
    with pytest.raises(UsageError):
        KeySpec.parse(text)


@pytest.mark.parametrize("rights", ["read", "none=contacts,taxes", "Bookings=read,Reviews=none"])
def test_rights_are_kept_as_they_are_given(rights: str) -> None:
    assert KeySpec.parse(f"k={ONE}:{rights}").stored_rights == rights


def test_strict_verbs_and_undoing_on_a_database_of_ones_own() -> None:
    with running_cluster(None) as url:
        options = ("--database-url", url, "--organization", f"{ONE}=one", "--strict-verbs")
        with running_sandbox(*options, "--allow-rollback") as running:
            headers = {"Authorization": "Bearer one"}
            with httpx.Client(base_url=running.url, headers=headers, trust_env=False) as client:
                check_strictness(client)
                check_undoing(client)
        with running_sandbox("--database-url", url, "--organization", f"{OTHER}=two") as running:
            assert [row_id for row_id, _ in running.organizations] == [ONE, OTHER]


def check_strictness(client: httpx.Client) -> None:
    money = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    refused = client.post("/bookings", json={"organization_id": ONE, **money})
    assert (refused.status_code, refused.json()["code"]) == (403, "42501")
    assert client.post("/calendar_events", json={}).status_code == 403
    assert client.patch("/bookings", json={"silent": True}).status_code == 204
    assert client.post("/contacts", json={"organization_id": ONE}).status_code == 201
    assert "POST" not in client.options("/bookings").headers["allow"]


def check_undoing(client: httpx.Client) -> None:
    undone = {"Prefer": "tx=rollback,return=representation"}
    row = {"organization_id": ONE, "percentage": 1}
    answer = client.post("/taxes", json=row, headers=undone)
    assert (answer.status_code, answer.headers["preference-applied"]) == (201, "tx=rollback")
    assert client.get("/taxes").json() == []
    kept = client.post("/taxes", json=row, headers={"Prefer": "tx=commit"})
    assert kept.headers["preference-applied"] == "tx=commit"
    assert len(client.get("/taxes").json()) == 1
    merged = {"Prefer": "tx=rollback,resolution=merge-duplicates"}
    answer = client.post("/taxes", json=row, headers=merged)
    assert answer.headers["preference-applied"] == "resolution=merge-duplicates"
