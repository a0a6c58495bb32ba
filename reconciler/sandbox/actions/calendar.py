"""When a unit is free: its events as days, each with one status.

Of a night from the 1st to the 2nd the day is the 1st; of a unit rented by the day the last day
counts, too. A note says nothing about it, and what is cancelled is gone.
"""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...kind import JSON
from ..database import Connection
from .call import Call, Row, refuse, select

Status = Literal["available", "tentative", "unavailable", "booked"]
_RANK: tuple[Status, ...] = ("available", "tentative", "unavailable", "booked")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Showing:
    """How bookings, closed periods and requests are to be shown."""

    booked: Status
    pending: Literal["CANCELLED", "TENTATIVE", "CONFIRMED"]

    @classmethod
    def of(cls, given: Mapping[str, JSON]) -> "Showing":
        """Read the three settings; raise a Refusal for other words."""
        booked = _choice(given, "show_booked_as", ("unavailable", "booked"))
        _choice(given, "show_closed_as", ("unavailable", "closed"))
        pending = _choice(given, "show_pending_as", ("TENTATIVE", "CANCELLED", "CONFIRMED"))
        return cls(
            cast("Status", booked),
            cast('Literal["CANCELLED", "TENTATIVE", "CONFIRMED"]', pending),
        )

    def status(self, event: Row) -> Status:
        """Tell what an event makes of its days."""
        if event["type"] == "note" or event["status"] == "CANCELLED":
            return "available"
        if event["type"] != "booking":
            return "unavailable"
        state = self.pending if event["status"] == "TENTATIVE" else event["status"]
        if state == "CANCELLED":
            return "available"
        return "tentative" if state == "TENTATIVE" else self.booked


async def events_of(connection: Connection, call: Call, products: list[str]) -> list[Row]:
    """Read all events of some products."""
    columns = "product_id, type, status, start_date, end_date"
    sql = f"select {columns} from {call.name('calendar_events')} where product_id = any ($1)"
    return await select(connection, sql, products)


def busy_days(product: Row, events: Iterable[Row], showing: Showing) -> dict[date, Status]:
    """List the days that are not free."""
    days: dict[date, Status] = {}
    for event in events:
        status = showing.status(event)
        if event["product_id"] != product["id"] or status == "available":
            continue
        for day in days_between(product, str(event["start_date"]), str(event["end_date"])):
            days[day] = max(days.get(day, "available"), status, key=_RANK.index)
    return days


def days_between(product: Row, start: str, end: str) -> list[date]:
    """List the days of an interval; raise a Refusal for one that is turned around or no date."""
    first, last = _date(start), _date(end)
    if product["rent_period"] == "daily":
        last += _DAY
    if first >= last:
        raise refuse("The interval has to end after it begins")
    return [first + _DAY * n for n in range((last - first).days)]


def worst(days: Iterable[date], busy: Mapping[date, Status]) -> Status:
    """Give the status of a whole interval: that of its worst day."""
    return max((busy.get(day, "available") for day in days), key=_RANK.index, default="available")


def moment(product: Row, day: date) -> str:
    """Write the beginning of a day where the unit is, as a moment in UTC."""
    try:
        zone = ZoneInfo(str(product["timezone"]))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    return f"{start:%Y-%m-%dT%H:%M:%S}.000Z"


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise refuse(f'invalid input syntax for type date: "{text}"') from None


def _choice(given: Mapping[str, JSON], name: str, words: tuple[str, ...]) -> str:
    found = given.get(name, words[0])
    if found not in words:
        raise refuse(f"{name} has to be one of {', '.join(words)}")
    return found
