"""Periods as a table: first and last day, and what they cost."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...calendar.days import text_of_day
from ...calendar.shape import CalendarDocument, PeriodDocument, UnitDocument, YearlyDocument
from .window import bounds
from .words import deciders, in_short, sources_at

ALWAYS = "open"
"""Where a period has no first or no last day."""


class Told(NamedTuple):
    """A period in words; ``days`` is empty where they are without end."""

    first: str
    last: str
    days: str
    before: str
    after: str
    by: str


def told_periods(unit: UnitDocument, periods: Iterable[PeriodDocument]) -> list[Told]:
    """Write periods; such as follow each other and read the same are one."""
    found: list[tuple[float, float, tuple[str, str, str]]] = []
    for period in periods:
        start, end = bounds(period)
        words = _words(unit, period)
        if found and found[-1][1] == start and found[-1][2] == words:
            start = found.pop()[0]
        found.append((start, end, words))
    return [_told(start, end, words) for start, end, words in found]


def changed(unit: UnitDocument) -> Iterator[PeriodDocument]:
    """Give the periods in which a day becomes another."""
    return (period for period in unit["periods"] if period["changed"])


def yearly_text(parts: list[list[str]]) -> str:
    """Write parts of every year."""
    return ", ".join(f"{first} to {last}" for first, last in parts) or "none"


def title_of(document: UnitDocument | YearlyDocument) -> str:
    """Name a unit or a season: what it is called, and its address."""
    address = str(document.get("unit") or document.get("address"))
    return f"{document['label']} ({address})" if document["label"] else address


def changed_days(unit: UnitDocument) -> str:
    """Count the days that change."""
    total = sum(end - start for start, end in map(bounds, changed(unit)))
    return "days without end" if total == float("inf") else _days(int(total))


def unseen(document: CalendarDocument) -> list[str]:
    """Say what of a calendar is not known or not shown."""
    left_out = document["left_out"]
    units = [f"{left_out:,} more units"] if left_out else []
    cut = sum(unit.get("left_out", 0) for unit in document["units"])
    return [*units, *([f"{cut:,} more periods"] if cut else []), "rows that are in no YAML"]


def _words(unit: UnitDocument, period: PeriodDocument) -> tuple[str, str, str]:
    before, after = (sources_at(unit, period[side]) for side in ("before", "after"))
    money = unit["currency"]
    told = in_short(before, money), in_short(after, money)
    if period["changed"] and told[0] == told[1]:
        told = told[0], f"{told[1]}, with other rules or rates"
    return (*told, deciders(after or before))


def _told(start: float, end: float, words: tuple[str, str, str]) -> Told:
    length = end - start
    days = "" if length == float("inf") else f"{int(length):,}"
    return Told(text_of_day(start) or ALWAYS, text_of_day(end - 1) or ALWAYS, days, *words)


def _days(number: int) -> str:
    return f"{number:,} {'day' if number == 1 else 'days'}"
