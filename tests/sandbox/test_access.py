"""Keys, and what each opens."""

import httpx
import pytest

from .conftest import ONE, OTHER


@pytest.mark.parametrize(
    ("key", "request_line", "status", "code"),
    [
        ("", "GET /contacts", 401, "PGRST302"),
        ("Bearer wrong", "GET /contacts", 401, "PGRST301"),
        ("Bearer reader", "GET /contacts", 200, None),
        ("Bearer reader", "POST /contacts", 403, "42501"),
        ("Bearer reader", "PATCH /contacts", 403, "42501"),
        ("Bearer reader", "DELETE /contacts", 403, "42501"),
        ("Bearer reader", "POST /products", 403, "42501"),
        ("Bearer half", "GET /contacts", 403, "42501"),
        ("Bearer half", "GET /services", 200, None),
    ],
)
def test_rights(
    http: httpx.Client, key: str, request_line: str, status: int, code: str | None
) -> None:
    method, url = request_line.split()
    body: dict[str, str] | None = {} if method in {"POST", "PATCH"} else None
    answer = http.request(method, url, json=body, headers={"Authorization": key})
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_an_organization_sees_its_own_rows_only(http: httpx.Client) -> None:
    theirs = {"Authorization": "Bearer other"}
    row = {"organization_id": ONE, "percentage": 1}
    made = http.post("/taxes", json=row, headers={"Prefer": "return=representation"}).json()[0]
    assert http.get(f"/taxes?id=eq.{made['id']}", headers=theirs).json() == []
    assert http.get("/organizations?select=id", headers=theirs).json() == [{"id": OTHER}]
    for method, url in (("DELETE", "/taxes"), ("PATCH", f"/taxes?organization_id=eq.{ONE}")):
        headers = {**theirs, "Prefer": "count=exact"}
        missed = http.request(method, url, json={"percentage": 2}, headers=headers)
        assert (missed.status_code, missed.headers["content-range"]) == (204, "*/0")
    assert http.get(f"/taxes?id=eq.{made['id']}").json() == [made]
    http.delete(f"/taxes?id=eq.{made['id']}")


@pytest.mark.parametrize(
    ("request_line", "row"),
    [
        ("POST /taxes", {"percentage": 1, "organization_id": ONE}),
        ("POST /taxes", {"organization_id": ONE}),
        ("PATCH /sites", {"organization_id": ONE}),
        ("POST /products", {"name": {}, "rent_period": "daily", "organization_id": ONE}),
    ],
)
def test_no_row_can_be_given_to_another_organization(
    http: httpx.Client, request_line: str, row: dict[str, object]
) -> None:
    method, url = request_line.split()
    answer = http.request(method, url, json=row, headers={"Authorization": "Bearer other"})
    assert (answer.status_code, answer.json()) == (
        403,
        {
            "code": "42501",
            "details": None,
            "hint": None,
            "message": f'new row violates row-level security policy for table "{url[1:]}"',
        },
    )


@pytest.mark.parametrize("kind", ["organizations", "sites", "user_profiles", "members"])
def test_a_fresh_organization_has_one(http: httpx.Client, kind: str) -> None:
    answer = http.get(f"/{kind}", headers={"Authorization": "Bearer other"})
    assert len(answer.json()) == 1
