"""When a unit is free: its events as spans of days, each with one status.

Of a night from the 1st to the 2nd the day is the 1st; of a unit rented by the day the last day
counts, too. A note says nothing about it, and what is cancelled is gone. Days are counted from
the first of the calendar, as Python's ordinals.
"""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from ...values.column import JSON
from ..database import Connection
from ..tables import PRIVATE
from .call import Call, Row, refuse, select

Status = Literal["available", "tentative", "unavailable", "booked"]
_RANK: tuple[Status, ...] = ("available", "tentative", "unavailable", "booked")

Span = tuple[range, Status]
"""Some days, and what they are."""


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


@dataclass(frozen=True, slots=True)
class Interval:
    """From one day to another, as a request says it."""

    start: date
    end: date

    @classmethod
    def of(cls, given: JSON) -> "Interval":
        """Read ``{"start": …, "end": …}``; raise a Refusal where it is none."""
        start, end = (given.get("start"), given.get("end")) if isinstance(given, dict) else ("", "")
        if not (isinstance(start, str) and isinstance(end, str) and start and end):
            raise refuse("The interval has to have a start and an end")
        return cls(_date(start), _date(end))

    def days(self, product: Row) -> range:
        """List the days; raise a Refusal if there are none."""
        days = _days(product, self.start, self.end)
        if not days:
            raise refuse("The interval has to end after it begins")
        return days


async def events_of(connection: Connection, call: Call, products: list[str]) -> list[Row]:
    """Read all events of some products; a date that Python has not becomes its first or last."""
    columns = (
        "product_id, type, status, greatest(start_date, '0001-01-01') as start_date,"
        " least(end_date, '9999-12-31') as end_date"
    )
    sql = f"select {columns} from {call.name('calendar_events')} where product_id = any ($1)"
    return await select(connection, sql, products)


def busy_spans(product: Row, events: Iterable[Row], showing: Showing) -> list[Span]:
    """List the days that are not free; an event that ends before it begins takes none."""
    return [
        (_days(product, _date(str(event["start_date"])), _date(str(event["end_date"]))), status)
        for event in events
        if event["product_id"] == product["id"] and (status := showing.status(event)) != "available"
    ]


def worst(days: range, busy: Iterable[Span]) -> Status:
    """Give the status of a whole interval: that of its worst day."""
    met = (status for span, status in busy if _common(days, span))
    return max(met, key=_RANK.index, default="available")


def by_day(days: range, busy: Iterable[Span]) -> dict[int, Status]:
    """Tell the status of each day that is not free."""
    found: dict[int, Status] = {}
    for span, status in busy:
        for day in _common(days, span):
            found[day] = max(found.get(day, "available"), status, key=_RANK.index)
    return found


async def midnights(connection: Connection, product: Row, days: Iterable[int]) -> dict[int, str]:
    """Write the beginnings of days where the unit is, as moments in UTC; of no zone, UTC's."""
    wanted = sorted(set(days))
    dates = [date.fromordinal(day).isoformat() for day in wanted]
    sql = (
        f"select {PRIVATE}.midnight(day::date, $1) as at"
        " from unnest($2::text[]) with ordinality as given (day, place) order by place"
    )
    rows = await select(connection, sql, str(product["timezone"]), dates)
    return {day: f"{row['at']}.000Z" for day, row in zip(wanted, rows, strict=True)}


def _days(product: Row, start: date, end: date) -> range:
    counts_last = product["rent_period"] == "daily"
    return range(start.toordinal(), end.toordinal() + counts_last)


def _common(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise refuse(f'invalid input syntax for type date: "{text}"') from None


def _choice(given: Mapping[str, JSON], name: str, words: tuple[str, ...]) -> str:
    found = given.get(name, words[0])
    if not isinstance(found, str) or found not in words:
        raise refuse(f"{name} has to be one of {', '.join(words)}")
    return found
