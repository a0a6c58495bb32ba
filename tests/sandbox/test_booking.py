"""The booking flow: what is free, what fits, and a booking made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from .conftest import ONE

FULL = {"Prefer": "return=representation"}


@dataclass(frozen=True)
class House:
    """A product with room for four, and the fields of its form."""

    id: str
    group: str
    option: str
    email: str
    name: str
    wish: str


def make(http: httpx.Client, kind: str, **row: object) -> str:
    answer = http.post(f"/{kind}", json=row, headers=FULL)
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["id"])


@pytest.fixture
def house(http: httpx.Client) -> Iterator[House]:
    villa = {"name": {"default": "V"}, "rent_period": "nightly", "timezone": "Europe/Amsterdam"}
    product = str(http.post("/products", json=villa).json()["id"])
    group = make(http, "capacity_groups", organization_id=ONE)
    make(http, "capacities", capacity_group_id=group, product_id=product, min=1, max=4)
    attribute = make(http, "attributes", organization_id=ONE, type="single-select")
    option = make(http, "attribute_options", attribute_id=attribute)
    make(http, "product_attribute_options", option_id=option, product_id=product)
    fields = [
        make(http, "services", organization_id=ONE, type=t) for t in ("email", "name", "time")
    ]
    yield House(product, group, option, *fields)
    assert http.delete(f"/products?id=eq.{product}").status_code == 200


def day(number: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=number))


def event(http: httpx.Client, house: House, start: int, end: int, **row: object) -> str:
    dates = {"start_date": day(start), "end_date": day(end)}
    found = {"type": "booking", **dates, **row}
    return make(http, "calendar_events", organization_id=ONE, product_id=house.id, **found)


def request(house: House, start: int = 10, end: int = 12, **more: object) -> dict[str, object]:
    interval = {"start": day(start), "end": day(end)}
    return {"product_id": house.id, "interval": interval, "occupancy": {house.group: 2}, **more}


def statuses(http: httpx.Client, house: House, **settings: str) -> list[tuple[int, int, str]]:
    answer = http.get("/availability", params={"product_id": house.id, **settings})
    assert answer.status_code == 200, answer.text
    [found] = answer.json()
    assert found["product_id"] == house.id
    today = datetime.now(UTC).date()
    return [
        (days_from(today, one["start"]), days_from(today, one["end"]), one["status"])
        for one in found["intervals"]
    ]


def days_from(today: date, moment: str) -> int:
    assert moment.endswith(".000Z")
    # Midnight in Amsterdam is 22 or 23 o'clock of the day before in UTC.
    return (datetime.fromisoformat(moment) + timedelta(hours=2)).date().toordinal() - (
        today.toordinal()
    )


def test_availability_lists_intervals(http: httpx.Client, house: House) -> None:
    event(http, house, 5, 7, status="CONFIRMED")
    event(http, house, 7, 8, status="TENTATIVE")
    event(http, house, 20, 22, type="blocked-period")
    event(http, house, 30, 31, type="note")
    event(http, house, 40, 41, status="CANCELLED")
    free, busy, maybe = "available", "unavailable", "tentative"
    tail = [(8, 20, free), (20, 22, busy), (22, 730, free)]
    assert statuses(http, house) == [(0, 5, free), (5, 7, busy), (7, 8, maybe), *tail]
    shown = statuses(http, house, show_booked_as="booked", show_pending_as="CONFIRMED")
    assert shown == [(0, 5, free), (5, 8, "booked"), *tail]
    assert statuses(http, house, show_pending_as="CANCELLED")[2] == (7, 20, free)


def test_availability_needs_known_words(http: httpx.Client, house: House) -> None:
    assert http.get("/availability").status_code == 400
    assert http.get("/availability?product_id=x").json()["code"] == "22P02"
    wrong = {"product_id": house.id, "show_booked_as": "x"}
    assert http.get("/availability", params=wrong).status_code == 400
    assert http.get("/availability", params={"product_ids": f"{uuid4()},{uuid4()}"}).json() == []


def search(http: httpx.Client, house: House, **wanted: object) -> dict[str, object]:
    answer = http.post("/search", json=wanted)
    assert answer.status_code == 200, answer.text
    [found] = [one for one in answer.json() if one["productId"] == house.id]
    return dict(found)


def test_search_compares_every_wish(http: httpx.Client, house: House) -> None:
    event(http, house, 10, 12)
    fits = {"occupancyMatches": True, "optionsMatch": True, "price": None, "productId": house.id}
    free = {**fits, "match": True, "availability": "available"}
    assert search(http, house) == free
    assert search(http, house, interval={"start": day(12), "end": day(14)}) == free
    taken = search(http, house, interval={"start": day(11), "end": day(14)})
    assert taken == {**fits, "match": False, "availability": "unavailable"}
    assert search(http, house, occupancy={house.group: 4})["match"] is True
    assert search(http, house, occupancy={house.group: 5})["occupancyMatches"] is False
    assert search(http, house, occupancy={str(uuid4()): 1})["match"] is False
    assert search(http, house, option_ids=[house.option])["match"] is True
    assert search(http, house, option_ids=[str(uuid4())])["optionsMatch"] is False


@pytest.mark.parametrize(
    "wanted",
    [
        {"occupancy": []},
        {"occupancy": 5},
        {"occupancy": {"x": 1}},
        {"option_ids": "x"},
        {"option_ids": [1]},
        {"interval": []},
        {"interval": {}},
        {"show_pending_as": {}},
    ],
)
def test_a_search_that_cannot_be(
    http: httpx.Client, house: House, wanted: dict[str, object]
) -> None:
    assert http.post("/search", json=wanted).status_code == 400


def test_a_search_for_nothing_in_particular(http: httpx.Client, house: House) -> None:
    nothing = {"occupancy": None, "option_ids": None, "interval": None}
    assert search(http, house, **nothing)["match"] is True


def test_events_of_odd_lengths_are_met_where_they_are(http: httpx.Client, house: House) -> None:
    event(http, house, 5, 5, type="blocked-period")
    event(http, house, 9, 8, type="blocked-period")
    event(http, house, 20, 21, type="blocked-period", start_date="0044-03-15 BC", end_date=day(1))
    event(http, house, 20, 21, type="blocked-period", end_date="20000-01-01")
    free, busy = "available", "unavailable"
    assert statuses(http, house) == [(0, 1, busy), (1, 20, free), (20, 730, busy)]
    far = {"start": day(2), "end": "9999-12-31"}
    assert search(http, house, interval=far)["availability"] == busy
    http.patch(f"/products?id=eq.{house.id}", json={"rent_period": "daily"})
    assert search(http, house, interval={**far, "start": far["end"]})["availability"] == busy


def test_a_booking_has_its_event_its_guest_and_its_details(
    http: httpx.Client, house: House
) -> None:
    coupon = make(http, "coupons", organization_id=ONE, code="TEN")
    form = {house.email: "g@example.com", house.name: "Gus", house.wish: "18:00"}
    wanted = request(house, form_values=form, coupon_codes=["TEN"], language="nl-NL")
    answer = http.post("/book", json=wanted)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["payment_url"] is None
    embedded = (
        "reference,calendar_events(type,status,start_date,occupancy,product_id),"
        "contact_bookings(contacts(email,last_name,language)),booking_details(service_id,value),"
        "coupon_uses(coupon_id)"
    )
    url = f"/bookings?id=eq.{made['booking_id']}&select={embedded}"
    [booking] = http.get(url).json()
    details = {one["service_id"]: one["value"] for one in booking.pop("booking_details")}
    assert details == form
    assert booking == {
        "reference": made["reference"],
        "calendar_events": [
            {
                "type": "booking",
                "status": "TENTATIVE",
                "start_date": day(10),
                "occupancy": {house.group: 2},
                "product_id": house.id,
            }
        ],
        "contact_bookings": [
            {"contacts": {"email": "g@example.com", "last_name": "Gus", "language": "nl-NL"}}
        ],
        "coupon_uses": [{"coupon_id": coupon}],
    }


def test_a_guest_is_known_by_the_email_address(http: httpx.Client, house: House) -> None:
    guest = make(http, "contacts", organization_id=ONE, email="known@example.com")
    wanted = request(house, 50, 51, form_values={house.email: "known@example.com"})
    booking = http.post("/book", json=wanted).json()["booking_id"]
    [link] = http.get(f"/contact_bookings?booking_id=eq.{booking}").json()
    assert link["contact_id"] == guest


def test_what_interaction_makes_of_a_booking(http: httpx.Client, house: House) -> None:
    http.patch(f"/products?id=eq.{house.id}", json={"interaction": "book"})
    booking = http.post("/book", json=request(house, 60, 61)).json()["booking_id"]
    [found] = http.get(f"/calendar_events?booking_id=eq.{booking}&select=status").json()
    assert found["status"] == "CONFIRMED"
    again = http.post("/book", json=request(house, 60, 61))
    assert (again.status_code, again.json()["code"]) == (400, "P0001")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"product_id": None}, 400),
        ({"product_id": "x"}, 400),
        ({"product_id": str(uuid4())}, 404),
        ({"interval": None}, 400),
        ({"interval": {"start": "2030-01-02", "end": "2030-01-01"}}, 400),
        ({"interval": {"start": "soon", "end": "later"}}, 400),
        ({"interval": {"start": "2030-01-01"}}, 400),
        ({"interval": {"start": 1, "end": 2}}, 400),
        ({"interval": ["2030-01-01", "2030-01-02"]}, 400),
        ({"occupancy": {}}, 400),
        ({"occupancy": 2}, 400),
        ({"form_values": {str(uuid4()): "x"}}, 400),
        ({"form_values": 1}, 400),
        ({"form_values": []}, 400),
        ({"coupon_codes": ["NONE"]}, 400),
        ({"coupon_codes": "NONE"}, 400),
        ({"coupon_codes": 1}, 400),
    ],
)
def test_a_booking_that_cannot_be(
    http: httpx.Client, house: House, change: dict[str, object], status: int
) -> None:
    before = http.get("/bookings?select=id").json()
    answer = http.post("/book", json={**request(house), **change})
    assert answer.status_code == status, answer.text
    assert http.get("/bookings?select=id").json() == before


def test_a_body_has_to_be_an_object(http: httpx.Client) -> None:
    assert http.post("/book", content="[").json()["code"] == "PGRST102"
    assert http.post("/search", json=[]).json()["code"] == "PGRST102"
