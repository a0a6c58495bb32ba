"""Days as PostgreSQL counts them: years BC and beyond 9999 included, which Python's dates lack."""

import datetime as dt
import re

LAST_YEAR = 5_874_897
"""PostgreSQL has no date after it."""

_DATE = re.compile(r"([0-9]{4,7})-([0-9]{2})-([0-9]{2})( BC)?")
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
"""The calendar repeats itself after so many years."""


def day_number(text: str) -> int:
    """Count the days up to a date; 0001-01-01 is day 1. Raises ValueError where it is none."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("not a date")
    year, month, day = map(int, found.groups()[:3])
    if not 0 < year <= LAST_YEAR:
        raise ValueError("the calendar has no such year")
    if found[4]:
        year = 1 - year
    near = 2000 + year % _CYCLE_YEARS
    cycles = (year - near) // _CYCLE_YEARS
    return dt.date(near, month, day).toordinal() + cycles * _CYCLE_DAYS


def day_text(number: int) -> str:
    """Write a day as PostgreSQL does."""
    cycles, rest = divmod(number - 1, _CYCLE_DAYS)
    near = dt.date.fromordinal(rest + 1)
    year = near.year + cycles * _CYCLE_YEARS
    era = "" if year > 0 else " BC"
    return f"{year if year > 0 else 1 - year:04}-{near.month:02}-{near.day:02}{era}"
