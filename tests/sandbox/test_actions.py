"""Products and members: made and removed by actions."""

from uuid import uuid4

import httpx
import pytest

from .conftest import ONE

FULL = {"Prefer": "return=representation"}
VILLA = {"name": {"default": "Villa"}, "rent_period": "nightly", "timezone": "UTC"}


def make(http: httpx.Client, kind: str, **row: object) -> str:
    answer = http.post(f"/{kind}", json=row, headers=FULL)
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["id"])


def test_a_product_takes_its_bookings_with_it(http: httpx.Client) -> None:
    product = http.post("/products", json=VILLA).json()
    assert product["organization_id"] == ONE
    guest = make(http, "contacts", organization_id=ONE)
    money = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    booking = make(http, "bookings", organization_id=ONE, **money)
    link = make(http, "contact_bookings", booking_id=booking, contact_id=guest)
    event = make(
        http,
        "calendar_events",
        organization_id=ONE,
        product_id=product["id"],
        booking_id=booking,
        type="booking",
    )
    gone = http.delete(f"/products?id=eq.{product['id']}")
    assert (gone.status_code, gone.json()["id"]) == (200, product["id"])
    left = [
        ("products", product["id"]),
        ("bookings", booking),
        ("calendar_events", event),
        ("contact_bookings", link),
    ]
    for kind, row in left:
        assert http.get(f"/{kind}?id=eq.{row}").json() == []
    assert http.get(f"/contacts?id=eq.{guest}&select=id").json() == [{"id": guest}]


def test_a_product_is_made_of_three_columns(http: httpx.Client) -> None:
    for extra in ({"id": str(uuid4())}, {"currency": "EUR"}, {"foo": 1}):
        answer = http.post("/products", json={**VILLA, **extra})
        assert (answer.status_code, answer.json()["code"]) == (400, "PGRST204")
    missing = http.post("/products", json={"rent_period": "daily"})
    assert (missing.status_code, missing.json()["code"]) == (400, "23502")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/products", r'{"name": {"default": "\ud800"}}', "PGRST102"),
        (
            "/products",
            '{"name": {"default": 1e999}, "rent_period": "daily", "timezone": "UTC"}',
            "22P02",
        ),
        ("/search", r'{"option_ids": ["\ud800"]}', "PGRST102"),
        ("/search", r'{"interval": {"start": "\ud800", "end": "x"}}', "PGRST102"),
    ],
)
def test_what_no_database_can_hold_is_refused(
    http: httpx.Client, path: str, body: str, code: str
) -> None:
    answer = http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_product_is_deleted_by_its_id_alone(http: httpx.Client) -> None:
    product = http.post("/products", json=VILLA).json()["id"]
    assert http.delete(f"/products?id={product}").status_code == 200
    assert http.delete(f"/products?id={product}").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "id=eq.x", "ac_id=eq.{}", "id=in.({})", "id=eq.{}&ac_id=is.null", "id={}&id={}"]
)
def test_a_product_is_not_deleted_by_a_query_that_says_more(http: httpx.Client, query: str) -> None:
    product = http.post("/products", json=VILLA).json()["id"]
    assert http.delete(f"/products?{query.replace('{}', product)}").status_code == 400
    assert http.delete(f"/products?id=eq.{product}&select=id").status_code == 200


def test_a_member_is_invited_and_revoked(http: httpx.Client) -> None:
    answer = http.post("/members", json={"email": "new@example.com", "name": "New"})
    member = answer.json()
    assert (answer.status_code, member["role"]) == (201, "user")
    assert member["user_profile"]["email"] == "new@example.com"
    again = http.post("/members", json={"email": "new@example.com"})
    assert again.status_code == 409
    assert http.post("/members", json={"email": 5}).json()["user_profile"]["email"] == "5"
    assert http.post("/members", json={}).json()["code"] == "23502"
    assert http.delete(f"/members?id=eq.{member['id']}").status_code == 200
    owner = http.get("/members?role=eq.superuser&select=id").json()[0]["id"]
    assert http.delete(f"/members?id=eq.{owner}").status_code == 400


def test_the_names_of_2024_still_work(http: httpx.Client) -> None:
    product = http.post("/create-product", json=VILLA)
    assert product.status_code == 201
    gone = http.post(f"/delete-product?id={product.json()['id']}")
    assert gone.status_code == 200
    member = http.post("/invite-member", json={"email": "other@example.com"}).json()
    assert http.post(f"/revoke-member?id={member['id']}").status_code == 200
