"""``POST /book``: a booking with its event in the calendar, its guest, details and coupons."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from uuid import uuid4

from ...values.column import JSON
from ..database import Connection
from ..exchange import Answer
from .calendar import Interval, Showing, busy_spans, events_of, worst
from .call import Call, Row, answer, identity, insert, optional, read_object, refuse, select
from .search import fits_in

_CONTACT = {"email": "email", "phone": "phone", "name": "last_name"}
"""What a guest says in a form of these types is kept with the contact."""


async def book(connection: Connection, call: Call) -> Answer:
    """Make a booking if the unit is free; say its reference."""
    given = read_object(call)
    product = await _product(connection, call, given)
    await _check(connection, call, product, given)
    booking = await _booking(connection, call, product, given)
    await _event(connection, call, product, booking, given)
    await _details(connection, call, booking, given)
    await _coupons(connection, call, booking, given)
    return answer(
        201,
        {"reference": booking["reference"], "booking_id": booking["id"], "payment_url": None},
    )


async def _product(connection: Connection, call: Call, given: Row) -> Row:
    for name in ("product_id", "interval", "occupancy"):
        if given.get(name) is None:
            raise refuse(f"{name} is required")
    wanted = identity(given["product_id"], "product_id")
    # The row stays locked until the booking is made: of two at once the second finds it taken.
    sql = f"select * from {call.name('products')} where id = $1 and deleted_at is null for update"
    found = await select(connection, f"with found as ({sql}) select * from found", wanted)
    if not found:
        raise refuse("There is no such product", status=404)
    return found[0]


async def _check(connection: Connection, call: Call, product: Row, given: Row) -> None:
    occupancy = optional(given, "occupancy", dict, "an object") or {}
    days = Interval.of(given["interval"]).days(product)
    events = await events_of(connection, call, [str(product["id"])])
    status = worst(days, busy_spans(product, events, Showing.of(given)))
    if status not in {"available", "tentative"}:
        raise refuse("The product is not available in this interval", details=status)
    capacities = await select(connection, f"select * from {call.name('capacities')}")
    if not fits_in(product, capacities, occupancy):
        raise refuse("The product does not take this occupancy")


async def _booking(connection: Connection, call: Call, product: Row, given: Row) -> Row:
    currency = given.get("currency") or product["currency"] or "EUR"
    row: Row = {
        "organization_id": call.access.home.organization,
        "currency": currency,
        "display_currency": currency,
        "exchange_rate": 1,
        "method": product["interaction"],
        "reference": str(uuid4()),
    }
    [made] = await insert(connection, call, "bookings", [row])
    return made


async def _event(
    connection: Connection, call: Call, product: Row, booking: Row, given: Row
) -> None:
    interval = Interval.of(given["interval"])
    confirmed = product["interaction"] == "book"
    row: Row = {
        "organization_id": call.access.home.organization,
        "product_id": product["id"],
        "booking_id": booking["id"],
        "type": "booking",
        "status": "CONFIRMED" if confirmed else product["request_status"],
        "start_date": str(interval.start),
        "end_date": str(interval.end),
        "occupancy": given["occupancy"],
    }
    await insert(connection, call, "calendar_events", [row])


async def _details(connection: Connection, call: Call, booking: Row, given: Row) -> None:
    """Keep what the form says: every value with its field, and the guest as a contact."""
    values = optional(given, "form_values", dict, "an object") or {}
    wanted = [identity(one, "form_values") for one in values]
    sql = f"select id, type, label from {call.name('services')} where id = any ($1)"
    fields = {str(row["id"]): row for row in await select(connection, sql, wanted)}
    for one in wanted:
        if one not in fields:
            raise refuse("There is no such form field", details=one)
    said = {str(fields[i]["type"]): value for i, value in zip(wanted, values.values(), strict=True)}
    details: list[Row] = [
        {
            "booking_id": booking["id"],
            "service_id": one,
            "option_id": value if fields[one]["type"] == "multiple-choice" else None,
            "name": fields[one]["label"],
            "value": None if value is None else str(value),
        }
        for one, value in zip(wanted, values.values(), strict=True)
    ]
    await insert(connection, call, "booking_details", details)
    contact = await _contact(connection, call, said, given.get("language"))
    link: Row = {"booking_id": booking["id"], "contact_id": contact}
    await insert(connection, call, "contact_bookings", [link])


async def _contact(connection: Connection, call: Call, said: Row, language: JSON) -> JSON:
    """Find the guest by the e-mail address, or make a new contact."""
    email = str(said.get("email") or "")
    sql = f"select id from {call.name('contacts')} where email = $1 order by created_at limit 1"
    found = await select(connection, sql, email) if email else []
    if found:
        return found[0]["id"]
    row: Row = {column: str(said.get(kind) or "") for kind, column in _CONTACT.items()}
    row |= {"organization_id": call.access.home.organization, "language": language}
    [made] = await insert(connection, call, "contacts", [row])
    return made["id"]


async def _coupons(connection: Connection, call: Call, booking: Row, given: Row) -> None:
    wanted = optional(given, "coupon_codes", list, "a list") or []
    codes = [str(code) for code in wanted]
    sql = f"select id, code from {call.name('coupons')} where code = any ($1)"
    known = {row["code"]: row["id"] for row in await select(connection, sql, codes)}
    for code in codes:
        if code not in known:
            raise refuse("There is no such coupon", details=code)
    uses: list[Row] = [{"booking_id": booking["id"], "coupon_id": known[code]} for code in codes]
    await insert(connection, call, "coupon_uses", uses)
