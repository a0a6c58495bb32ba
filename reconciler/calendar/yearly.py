"""Parts of every year: first and last day as ``06-01``, both included.

A part that ends before it begins goes on into the next year. A day that a year lacks, such as
February 29, is no day of it; whatever lies between is.
"""

from collections.abc import Iterator, Sequence

from ..catalogue.calendar import Season
from ..values.column import JSON
from ..values.days import day_number
from .days import Span
from .rows import Cells

Yearly = tuple[str, str]
"""First and last day, as month and day."""

_MONTHS = 12
_LONGEST_MONTH = 31


def yearly_of(season: Season, row: Cells | None) -> tuple[Yearly, ...]:
    """Read what a row says; nothing of what is no part of a year."""
    value = (row or {}).get(season.column)
    if not isinstance(value, dict) or value.get("type") != season.type:
        return ()
    ranges = value.get(season.ranges)
    found = (
        (_day(season, one.get(season.first)), _day(season, one.get(season.last)))
        for one in (ranges if isinstance(ranges, list) else ())
        if isinstance(one, dict)
    )
    return tuple((first, last) for first, last in found if first and last)


def spans_in(parts: Sequence[Yearly], first_year: int, last_year: int) -> Iterator[Span]:
    """Give the days of parts that begin in one of some years."""
    for year in range(first_year, last_year + 1):
        for first, last in parts:
            wraps = first > last
            yield Span(_date(year, first), _date(year + wraps, last, after=True))


def _date(year: int, day: str, *, after: bool = False) -> int:
    """Number a day, or the one ``after`` it; where the month is shorter, the next month's first."""
    month = int(day[:2])
    try:
        return day_number(f"{year:04}-{day}") + after
    except ValueError:
        year, month = (year + 1, 1) if month == _MONTHS else (year, month + 1)
        return day_number(f"{year:04}-{month:02}-01")


def _day(season: Season, value: JSON) -> str:
    if not isinstance(value, dict):
        return ""
    month, day = value.get("month"), value.get("day")
    if not (isinstance(month, int) and isinstance(day, int)):
        return ""
    month += 1 - season.january
    fits = 1 <= month <= _MONTHS and 1 <= day <= _LONGEST_MONTH
    return f"{month:02}-{day:02}" if fits else ""
