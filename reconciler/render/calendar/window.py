"""The thirteen months that a calendar shows, and what of its periods lies in them."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from ...calendar.days import day_of
from ...calendar.shape import CalendarDocument, PeriodDocument, UnitDocument, YearlyDocument
from ...calendar.yearly import Yearly, spans_in

MONTHS = 13
MOST_MONTHS = 36
_FIRST, _LAST = dt.date(1, 1, 1), dt.date(9990, 1, 1)


class Month(NamedTuple):
    """A month: its first day, and the first of the next, as numbers."""

    first: dt.date
    start: int
    end: int

    @property
    def days(self) -> int:
        """The number of its days."""
        return self.end - self.start


class Piece(NamedTuple):
    """What of a period lies in a month: its first day from 0, and the one after its last."""

    start: int
    end: int
    period: PeriodDocument


class Window(NamedTuple):
    """Some months in a row."""

    months: tuple[Month, ...]

    @property
    def start(self) -> int:
        """The first day."""
        return self.months[0].start

    @property
    def end(self) -> int:
        """The day after the last."""
        return self.months[-1].end

    @property
    def title(self) -> str:
        """The first and the last month."""
        return f"{self.months[0].first:%Y-%m} to {self.months[-1].first:%Y-%m}"


def window_from(day: dt.date, months: int = MONTHS) -> Window:
    """Give the month of a day, and those after it."""
    first = min(max(day, _FIRST), _LAST).replace(day=1)
    found = []
    for _ in range(months):
        following = (first + dt.timedelta(31)).replace(day=1)
        found.append(Month(first, first.toordinal(), following.toordinal()))
        first = following
    return Window(tuple(found))


def window_of(
    document: CalendarDocument, today: dt.date | None = None, months: int = MONTHS
) -> Window:
    """Choose the months to show: from the first change on; of a folder from today on.

    Where a folder says nothing of these months, from the first on of which it says something.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    if not document["compared"]:
        window = window_from(today, months)
        if not document["units"] or any(list(pieces_in(u, window)) for u in document["units"]):
            return window
    edges = [
        edge
        for unit in document["units"]
        for period in unit["periods"]
        if period["changed"] or not document["compared"]
        for edge in _edges(period)[:1]
    ]
    return window_from(_date(min(edges)) if edges else today, months)


def pieces_in(unit: UnitDocument, window: Window) -> Iterator[PeriodDocument]:
    """Give the periods of which some days are shown."""
    for period in unit["periods"]:
        start, end = bounds(period)
        if start < window.end and end > window.start:
            yield period


def pieces(unit: UnitDocument, month: Month) -> Iterator[Piece]:
    """Cut the periods of a unit to a month."""
    for period in unit["periods"]:
        start, end = bounds(period)
        if start < month.end and end > month.start:
            first, after = max(start, month.start), min(end, month.end)
            yield Piece(int(first) - month.start, int(after) - month.start, period)


def bounds(period: PeriodDocument) -> tuple[float, float]:
    """Give the days of a period as numbers; a file may say what is no day, and then means none."""
    try:
        return day_of(period["start"], late=False), day_of(period["end"], late=True)
    except ValueError:
        return 0, 0


def yearly_days(parts: list[list[str]], window: Window) -> Iterator[tuple[int, int]]:
    """Give the days of parts of years that are shown."""
    first, last = window.months[0].first.year, window.months[-1].first.year
    known: list[Yearly] = [(one[0], one[1]) for one in parts]
    for span in spans_in(known, max(1, first - 1), last):
        start, end = max(window.start, int(span.start)), min(window.end, int(span.end))
        if start < end:
            yield start, end


def seasons_at(yearly: list[YearlyDocument], window: Window) -> Iterator[tuple[str, int, int]]:
    """Name the parts of years that are shown, each with its days."""
    for one in yearly:
        for start, end in yearly_days(one["after"], window):
            yield one["label"] or one["address"], start, end


def _edges(period: PeriodDocument) -> list[int]:
    return [int(edge) for edge in bounds(period) if abs(edge) != float("inf")]


def _date(day: int) -> dt.date:
    return dt.date.fromordinal(min(max(day, _FIRST.toordinal()), _LAST.toordinal()))
