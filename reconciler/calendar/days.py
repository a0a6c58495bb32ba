"""Which days a row is about: half-open spans of day numbers, as PostgreSQL's ranges are.

A day is a date of the calendar at the place of the unit. Clocks are looked at only where a row
gives moments, and only to find the date: no length is ever counted in hours.
"""

import datetime as dt
import math
from functools import lru_cache
from typing import NamedTuple

from ..values.days import day_number, day_text
from ..values.moments import instant_form
from ..values.ranges import days_in
from ..values.zones import zone_of

_WORDS = {"infinity": math.inf, "-infinity": -math.inf}
_DATE = len("2026-07-04")


class Span(NamedTuple):
    """Days from ``start`` until before ``end``; either may be infinite."""

    start: float
    end: float


def spans_of(value: object) -> tuple[Span, ...]:
    """Read ranges of dates; what is none has no days."""
    return _spans(value) if isinstance(value, str) else ()


@lru_cache(4096)
def _spans(text: str) -> tuple[Span, ...]:
    """Read ranges once: the houses of a park have the same ones."""
    try:
        return tuple(Span(*pair) for pair in days_in(text))
    except ValueError:
        return ()


def stay(since: object, until: object, zone: str | None, *, whole_days: bool) -> tuple[Span, ...]:
    """Give the days from a date (or moment) until another: the last is that of departure.

    With ``whole_days`` it is a day like the others.
    """
    try:
        start, end = _day(since, zone), _day(until, zone) + whole_days
    except (ValueError, OverflowError):
        return ()
    return (Span(start, end),) if start < end else ()


def text_of_day(day: float) -> str | None:
    """Write a day as PostgreSQL does; None is one without end."""
    return None if math.isinf(day) else day_text(int(day))


@lru_cache(4096)
def day_of(text: str | None, *, late: bool) -> float:
    """Read what :func:`text_of_day` wrote."""
    if text is None:
        return math.inf if late else -math.inf
    return day_number(text)


def _day(value: object, zone: str | None) -> float:
    if not isinstance(value, str):
        raise ValueError("not a day")
    text = value.strip()
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _DATE + 4 and ":" not in text:
        return day_number(text)
    moment = instant_form(text)
    try:
        here = dt.datetime.fromisoformat(moment).astimezone(_zone(zone))
    except (
        ValueError,
        OverflowError,
    ):  # a year that Python has no name for: half a day does not matter there
        return day_number(moment[: moment.index("T")])
    return here.toordinal()


def _zone(name: str | None) -> dt.tzinfo:
    try:
        return zone_of(name) if name else dt.UTC
    except (OSError, ValueError):
        return dt.UTC
