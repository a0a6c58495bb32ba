"""Ranges of dates: how they are read, and their canonical form."""

import math
import re

from .days import LAST_YEAR, day_number, day_text
from .jsontext import JSON
from .moments import read_day
from .plain import text_form
from .unreadable import UnreadableError

A_RANGE = "a range of dates such as '[2026-07-04,2026-07-11)'"
RANGES = "ranges of dates such as '{[2026-07-04,2026-07-11)}'"

_WRITTEN = re.compile(r"[\[(]\s*([0-9-]*)\s*,\s*([0-9-]*)\s*[\])]\Z")
_IN_MULTIRANGE = re.compile(r"\s*([\[(][^\[\](){},]*,[^\[\](){},]*[\])])\s*(?:,(?=\s*[\[(])|\Z)")
_STORED = re.compile(r"\s*([\[(])\s*([^,\[\](){}]*?)\s*,\s*([^,\[\](){}]*?)\s*([\])])\s*")
_LAST_DAY = day_number(f"{LAST_YEAR}-12-31")
_INFINITY = 10**9
"""The day of a range that ends at ``infinity``, which is a day like others to PostgreSQL."""
_INFINITE_DAYS = {"infinity": _INFINITY, "-infinity": -_INFINITY}


def read_range(text: str, expects: str = A_RANGE) -> str:
    """Check a range of dates, either end open or the whole ``empty``; returns it as spelled."""
    if text == "empty":
        return text
    match = _WRITTEN.match(text)
    if not match:
        raise UnreadableError(expects)
    ends = [read_day(end, expects) for end in match.groups() if end]
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


def range_form(value: JSON) -> str:
    """Write a range as ``[lower,upper)``, or ``empty``."""
    bounds = _bounds(text_form(value))
    return _range_text(bounds) if bounds else "empty"


def multirange_form(value: JSON) -> str:
    """Write ranges sorted, those that touch joined."""
    return "{" + ",".join(map(_range_text, _joined(text_form(value)))) + "}"


def days_in(value: JSON) -> list[tuple[float, float]]:
    """Give the days of a range, or of ranges in braces, as half-open pairs of day numbers.

    They are sorted, and none touches the next. ``infinity`` and no bound at all are the same here.
    Raises ValueError.
    """
    text = text_form(value).strip()
    pairs = _joined(text if text.startswith("{") else f"{{{text}}}")
    return [(_endless(start), _endless(end)) for start, end in pairs]


def _joined(text: str) -> list[tuple[float, float]]:
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise ValueError("not a list of ranges in braces")
    parts = re.findall(r"[\[(][^\[\](){}]*[\])]|empty", inner)
    joined: list[tuple[float, float]] = []
    for start, end in sorted(b for b in map(_bounds, parts) if b):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _endless(day: float) -> float:
    return math.copysign(math.inf, day) if abs(day) >= _INFINITY else day


def _bounds(text: str) -> tuple[float, float] | None:
    """Read one range as a half-open pair of day numbers; None is the empty range."""
    if text.strip() == "empty":
        return None
    found = _STORED.fullmatch(text)
    if not found:
        raise ValueError("not a range")
    opening, lower, upper, closing = found.groups()
    # without a bound a range goes on for ever
    start = _day(lower) if lower else -math.inf
    end = _day(upper) if upper else math.inf
    if start > end:
        raise ValueError("the range ends before it begins")
    start += opening == "("
    end += closing == "]"
    return (start, end) if start < end else None


def _day(text: str) -> int:
    return _INFINITE_DAYS[text] if text in _INFINITE_DAYS else day_number(text)


def _range_text(bounds: tuple[float, float]) -> str:
    return f"{_lower_text(bounds[0])},{_upper_text(bounds[1])}"


def _lower_text(day: float) -> str:
    if math.isinf(day):
        return "("
    word, after = _word(day)
    return ("(" if after else "[") + (word or day_text(int(day)))


def _upper_text(day: float) -> str:
    if math.isinf(day):
        return ")"
    word, after = _word(day)
    return (word or day_text(int(day))) + ("]" if after else ")")


def _word(day: float) -> tuple[str, bool]:
    """Name an infinite day, and tell whether it is the one after; nothing for other days."""
    word = next((word for word, n in _INFINITE_DAYS.items() if 0 <= day - n <= 1), "")
    return word, bool(word) and day != _INFINITE_DAYS[word]
