"""Many rows, versions that move, and counts that PostgreSQL only guesses."""

from collections.abc import Iterator

import httpx
import pytest

from .conftest import ONE

FULL = {"Prefer": "return=representation"}
MINIMAL = {"Prefer": "return=minimal,count=exact"}


@pytest.fixture(scope="module")
def many(http: httpx.Client) -> Iterator[None]:
    rows = [{"organization_id": ONE, "subject": {"default": str(n)}} for n in range(1205)]
    made = http.post("/message_templates?select=id", json=rows, headers=FULL)
    assert len(made.json()) == 1205
    yield
    http.delete("/message_templates?id=not.is.null")


@pytest.mark.parametrize(
    ("query", "count", "status", "shown"),
    [
        ("", "exact", 206, "0-999/1205"),
        ("limit=5000&offset=1000", "", 200, "1000-1204/*"),
        ("limit=5000", "exact", 206, "0-999/1205"),
        ("offset=1204", "exact", 206, "1204-1204/1205"),
    ],
)
@pytest.mark.usefixtures("many")
def test_a_list_ends_at_a_thousand_rows(
    http: httpx.Client, query: str, count: str, status: int, shown: str
) -> None:
    headers = {"Prefer": f"count={count}"}
    answer = http.get(f"/message_templates?select=id&order=id&{query}", headers=headers)
    assert (answer.status_code, answer.headers["content-range"]) == (status, shown)


@pytest.mark.usefixtures("many")
def test_an_estimate_is_not_below_what_was_seen(http: httpx.Client) -> None:
    headers = {"Prefer": "count=estimated"}
    answer = http.get("/message_templates?select=id&limit=1", headers=headers)
    assert answer.status_code == 206
    assert int(answer.headers["content-range"].removeprefix("0-0/")) >= 1001


@pytest.mark.usefixtures("many")
def test_a_plan_knows_a_number(http: httpx.Client) -> None:
    headers = {"Prefer": "count=planned"}
    answer = http.get("/message_templates?select=id&limit=1", headers=headers)
    assert answer.headers["content-range"].removeprefix("0-0/").isdecimal()


@pytest.mark.usefixtures("many")
def test_an_embedded_list_ends_at_a_thousand_rows(http: httpx.Client) -> None:
    query = f"/organizations?id=eq.{ONE}&select=id,message_templates(id)"
    assert len(http.get(query).json()[0]["message_templates"]) == 1000


def test_a_version_moves_with_every_update(http: httpx.Client) -> None:
    row = http.post("/contacts", json={"organization_id": ONE}, headers=FULL).json()[0]
    url = f"/contacts?id=eq.{row['id']}"
    lock = httpx.QueryParams({"updated_at": f"eq.{row['updated_at']}"})
    first = http.patch(f"{url}&{lock}", json={"email": "a"}, headers=MINIMAL)
    second = http.patch(f"{url}&{lock}", json={"email": "b"}, headers=MINIMAL)
    assert first.headers["content-range"] == "0-0/1"
    assert second.headers["content-range"] == "*/0"
    http.delete(url)


def test_a_batch_of_locks_passes_over_stale_rows(http: httpx.Client) -> None:
    rows = [{"organization_id": ONE, "percentage": n} for n in range(50)]
    made = http.post("/taxes?select=id,updated_at", json=rows, headers=FULL).json()
    made[7]["updated_at"] = "2020-01-01T00:00:00+00:00"
    pairs = ",".join(f'and(id.eq.{r["id"]},updated_at.eq."{r["updated_at"]}")' for r in made)
    lock = httpx.QueryParams({"or": f"({pairs})"})
    answer = http.patch(f"/taxes?{lock}", json={"percentage": 1}, headers=MINIMAL)
    assert (answer.status_code, answer.headers["content-range"]) == (204, "0-48/49")
    http.delete("/taxes")


def test_a_line_that_is_too_long(http: httpx.Client) -> None:
    ids = ",".join(f"00000000-0000-4000-8000-{n:012}" for n in range(1400))
    answer = http.delete(f"/taxes?id=in.({ids})")
    assert (answer.status_code, answer.headers["content-type"]) == (
        400,
        "text/plain; charset=utf-8",
    )
    assert http.delete(f"/taxes?id=in.({ids[: 1350 * 37 - 1]})").status_code == 204
