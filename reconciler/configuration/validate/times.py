"""Dates, times and ranges: written as PostgreSQL reads them, and in the calendar."""

import re

from ...values.canonical import instant
from ...values.days import LAST_YEAR, day_number
from .unreadable import UnreadableError

_DATE = re.compile(r"[0-9]{4,7}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?\Z")
_INSTANT = re.compile(
    r"([0-9]{4,6})-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-]([0-9]{2})(?::?[0-9]{2})?)?)?\Z"
)
_RANGE = re.compile(r"[\[(]\s*([0-9-]*)\s*,\s*([0-9-]*)\s*[\])]\Z")
_IN_MULTIRANGE = re.compile(r"\s*([\[(][^\[\](){},]*,[^\[\](){},]*[\])])\s*(?:,(?=\s*[\[(])|\Z)")
_FARTHEST_ZONE = 16
"""Hours from UTC that no zone is away."""
_LAST_YEAR = 294_276
"""PostgreSQL has no moment after it."""
_LAST_DAY = day_number(f"{LAST_YEAR}-12-31")

A_DATE = "a date such as 2026-07-04"
A_TIME = "a time of day such as 15:00"
AN_INSTANT = "a moment such as 2026-07-04T15:00:00Z"
A_RANGE = "a range of dates such as '[2026-07-04,2026-07-11)'"
RANGES = "ranges of dates such as '{[2026-07-04,2026-07-11)}'"


def read_date(text: str) -> str:
    """Check a date; returns it as spelled."""
    _date(text, A_DATE)
    return text


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


def read_range(text: str, expects: str = A_RANGE) -> str:
    """Check a range of dates, either end open or the whole ``empty``; returns it as spelled."""
    if text == "empty":
        return text
    match = _RANGE.match(text)
    if not match:
        raise UnreadableError(expects)
    ends = [_date(end, expects) for end in match.groups() if end]
    if len(ends) == 2 and ends[0] > ends[1]:
        raise UnreadableError(expects, "it ends before it begins")
    if match[2] and text.endswith("]") and ends[-1] == _LAST_DAY:
        raise UnreadableError(expects, "the server has no day after its last one")
    return text


def read_multirange(text: str) -> str:
    """Check ranges of dates in braces; returns them as spelled."""
    inside = text.strip()
    if inside[:1] != "{" or inside[-1:] != "}":
        raise UnreadableError(RANGES)
    inside = inside[1:-1].strip()
    at = 0
    while at < len(inside):
        match = _IN_MULTIRANGE.match(inside, at)
        if not match:
            raise UnreadableError(RANGES)
        read_range(match[1], RANGES)
        at = match.end()
    return text


def _date(text: str, expects: str) -> int:
    if not _DATE.match(text):
        raise UnreadableError(expects)
    try:
        return day_number(text)
    except ValueError:
        raise UnreadableError(expects, "the calendar has no such day") from None
