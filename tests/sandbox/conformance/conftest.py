"""The rows that the cases are about; after a write they are put back."""

from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox_server import RunningSandbox

from .case import KEY, ORGANIZATION, Case, row_id, tax

MONEY = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
TAXES = [tax(1, 10, "a"), tax(2, 20, "b"), tax(3, 30, "c"), tax(4, 40, "a")]
GUESTS = ((11, "ann@example.com", "Ann"), (12, "bob@example.com", "Bob"), (13, "c,d@e.f", 'C "x"'))
RATE = {"type": "rate", "n": [7]}
LINKS = ((31, 21, 11), (32, 21, 12), (33, 22, 11))
WISHES = ((40, "multiple-choice", None), (41, "multiple-choice-option", 40))


def data() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """List all rows by kind, in an order in which they can be made."""
    mine = {"organization_id": ORGANIZATION}
    yield "taxes", TAXES
    yield (
        "contacts",
        [{**mine, "id": row_id(n), "email": mail, "first_name": name} for n, mail, name in GUESTS],
    )
    yield (
        "bookings",
        [{**mine, **MONEY, "id": row_id(n), "reference": f"B{n}"} for n in (21, 22, 23)],
    )
    yield (
        "contact_bookings",
        [
            {"id": row_id(n), "booking_id": row_id(booking), "contact_id": row_id(contact)}
            for n, booking, contact in LINKS
        ],
    )
    yield (
        "services",
        [
            {**mine, "id": row_id(n), "type": name, "parent_id": parent and row_id(parent)}
            for n, name, parent in WISHES
        ],
    )
    yield (
        "coupons",
        [
            {**mine, "id": row_id(50), "code": "SUMMER", "quota": None, "definition": RATE},
            {**mine, "id": row_id(51), "code": "WINTER", "quota": 3, "definition": {}},
        ],
    )
    yield "coupon_uses", [{"booking_id": row_id(21), "coupon_id": row_id(50)}]


@pytest.fixture(scope="session")
def http(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as client:
        fill(client)
        yield client


@pytest.fixture
def undo(http: httpx.Client, case: Case) -> Iterator[None]:
    yield
    # Nothing references the kind that most cases are about: it can be put back alone.
    only = "taxes" if case.request.split()[1].startswith("/taxes") else None
    for kind, _ in reversed(list(data())):
        if only in (None, kind):
            assert http.delete(f"/{kind}").status_code == 204
    fill(http, only)


def fill(client: httpx.Client, only: str | None = None) -> None:
    for kind, found in data():
        if only in (None, kind):
            answer = client.post(f"/{kind}", json=found)
            assert answer.status_code == 201, answer.text
