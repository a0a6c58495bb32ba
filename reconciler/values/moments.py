"""Dates, times of day and moments: written as PostgreSQL reads them, and in the calendar."""

import datetime as dt
import re

from .days import day_number, day_text
from .jsontext import JSON
from .plain import text_form
from .unreadable import UnreadableError

A_DATE = "a date such as 2026-07-04"
A_TIME = "a time of day such as 15:00"
AN_INSTANT = "a moment such as 2026-07-04T15:00:00Z"

_DATE = re.compile(r"[0-9]{4,7}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?\Z")
_INSTANT = re.compile(
    r"([0-9]{4,6})-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-]([0-9]{2})(?::?[0-9]{2})?)?)?\Z"
)
_MOMENT = re.compile(
    r"([0-9]{4,6}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(?:Z|([+-][0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?)?)?( BC)?"
)
_MICROSECONDS = 86_400_000_000
_FARTHEST_ZONE = 16
"""Hours from UTC that no zone is away."""
_LAST_YEAR = 294_276
"""PostgreSQL has no moment after it."""
_WORDS = frozenset({"infinity", "-infinity"})


def read_date(text: str) -> str:
    """Check a date; returns it as spelled."""
    read_day(text, A_DATE)
    return text


def read_day(text: str, expects: str) -> int:
    """Read a date as the number of its day."""
    if not _DATE.match(text):
        raise UnreadableError(expects)
    try:
        return day_number(text)
    except ValueError:
        raise UnreadableError(expects, "the calendar has no such day") from None


def read_time(text: str) -> str:
    """Check a time of day, ``24:00`` included; returns it as spelled."""
    match = _TIME.match(text)
    if not match:
        raise UnreadableError(A_TIME)
    hour, minute, second = (int(part or 0) for part in match.groups())
    midnight = hour == 24 and not text[2:].strip(":0.")
    if (hour > 23 and not midnight) or minute > 59 or second > 59:
        raise UnreadableError(A_TIME, "the clock has no such time")
    return text


def read_instant(text: str) -> str:
    """Check a moment; without a zone it means UTC, without a time midnight."""
    match = _INSTANT.match(text)
    if not match:
        raise UnreadableError(AN_INSTANT)
    try:
        instant(text)
    except ValueError:
        raise UnreadableError(AN_INSTANT, "the calendar or the clock has no such moment") from None
    if int(match[1]) > _LAST_YEAR:
        raise UnreadableError(AN_INSTANT, "the server has no moment that late")
    if int(match[2] or 0) >= _FARTHEST_ZONE:
        raise UnreadableError(AN_INSTANT, "no time zone is that far from UTC")
    return text


def date_form(value: JSON) -> str:
    """Write a date as PostgreSQL does."""
    text = text_form(value)
    return text if text in _WORDS else day_text(day_number(text))


def time_form(value: JSON) -> str:
    """Write a time of day with seconds."""
    text = text_form(value)
    if text.startswith("24:"):
        return "24:00:00"
    hours, _, rest = text.partition(":")
    return dt.time.fromisoformat(f"{hours:0>2}:{rest}").isoformat()


def instant_form(value: JSON) -> str:
    """Write a moment in UTC."""
    text = text_form(value)
    return text if text in _WORDS else instant(text)


def instant(text: str) -> str:
    """Bring a timestamp to UTC with microseconds; one without an offset is UTC already."""
    text = text.strip()
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return _far_instant(text)


def _far_instant(text: str) -> str:
    """Bring a moment to UTC that Python has no name for: years BC and beyond 9999."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError("not a moment")
    day, *clock, era = found.groups(default="")
    hour, minute, second = (int(part or 0) for part in clock[:3])
    if not (hour < 24 and minute < 60 and second < 60):
        raise ValueError("the clock has no such time")
    passed = ((hour * 60 + minute) * 60 + second) * 1_000_000 + int(f"{clock[3]:0<6}")
    moment = day_number(day + era) * _MICROSECONDS + passed - _offset(*clock[4:]) * 1_000_000
    days, rest = divmod(moment, _MICROSECONDS)
    seconds, fraction = divmod(rest, 1_000_000)
    at = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:06}"
    day, bc, _ = day_text(days).partition(" BC")
    return f"{day}T{at}+00:00{bc}"


def _offset(hours: str, minutes: str, seconds: str) -> int:
    size = (abs(int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return -size if hours.startswith("-") else size
