"""One form for each value, so that two spellings of the same thing are equal with ``==``.

==================  =======================================================
text, uuid          as is; ids in lower case
smallint … bigint   int
real                the nearest float4, as the server stores it; ``NaN``, ``Infinity`` as text
timestamptz         the instant in UTC, ``2026-07-01T14:00:00.000000+00:00``
date, time          ISO 8601; ``15:00`` is ``15:00:00``; ``infinity`` and years BC are as written
daterange           ``[lower,upper)``; ``empty``
datemultirange      sorted, touching ranges joined
jsonb               bytes: names sorted, 1.0 is 1, true is not 1
arrays              tuple
==================  =======================================================
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from decimal import Decimal

import orjson

from .column import JSON, Column, ColumnType
from .days import day_number, day_text
from .jsontext import dumps, settled
from .real import float4

Canonical = None | bool | int | float | str | bytes | tuple["Canonical", ...]

_RANGE = re.compile(r"\s*([\[(])\s*([^,\[\](){}]*?)\s*,\s*([^,\[\](){}]*?)\s*([\])])\s*")
_MOMENT = re.compile(
    r"([0-9]{4,6}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(?:Z|([+-][0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?)?)?( BC)?"
)
_MICROSECONDS = 86_400_000_000
_INFINITY = 10**9
"""The day of a range that ends at ``infinity``, which is a day like others to PostgreSQL."""
_INFINITE_DAYS = {"infinity": _INFINITY, "-infinity": -_INFINITY}
_WORDS = frozenset({"infinity", "-infinity"})
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})
_LARGEST = 2**63


def canonical(value: JSON, column_type: ColumnType) -> Canonical:
    """Bring a value of a column to its canonical form.

    Raises ValueError where the value is not one of the type.
    """
    if value is None:
        return None
    return _FORMS[column_type](value)


def same(one: JSON, other: JSON, column: Column) -> bool:
    """Tell whether two values of a column are one to the server; raises ValueError like canonical.

    This is the one idea of equal that there is: 1 is 1.0, 0 is not false.
    """
    if column.zone and isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return canonical(one, column.type) == canonical(other, column.type)


def canonical_json(value: object) -> bytes:
    """Write JSON so that equal documents are equal bytes."""
    return dumps(_plain_numbers(value), option=orjson.OPT_SORT_KEYS)


def instant(text: str) -> str:
    """Bring a timestamp to UTC with microseconds; one without an offset is UTC already."""
    text = text.strip()
    try:
        moment = dt.datetime.fromisoformat(_full_offset(text))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return _far_instant(text)


def _full_offset(text: str) -> str:
    return text + ":00" if re.search(r"\d[+-]\d{2}$", text) and ":" in text else text


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


def _instant_or_word(value: JSON) -> str:
    text = _text(value)
    return text if text in _WORDS else instant(text)


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _integer(value: JSON) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError("not a whole number")
    return int(value)


def _real(value: JSON) -> float | str:
    if isinstance(value, str) and value in _NO_NUMBERS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("not a number")
    return float4(exactly(value))


def exactly(value: float | Decimal) -> Decimal:
    """Give a number by the digits it is written with, not by its binary value."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _boolean(value: JSON) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def _date(value: JSON) -> str:
    text = _text(value)
    return text if text in _WORDS else day_text(day_number(text))


def _time(value: JSON) -> str:
    text = _text(value)
    if text.startswith("24:"):
        return "24:00:00"
    hours, _, rest = text.partition(":")
    return dt.time.fromisoformat(f"{hours:0>2}:{rest}").isoformat()


def _bounds(text: str) -> tuple[float, float] | None:
    """Read one range as a half-open pair of day numbers; None is the empty range."""
    if text.strip() == "empty":
        return None
    found = _RANGE.fullmatch(text)
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


def _range(value: JSON) -> str:
    bounds = _bounds(_text(value))
    return _range_text(bounds) if bounds else "empty"


def _multirange(value: JSON) -> str:
    inner = _text(value).strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise ValueError("not a list of ranges in braces")
    parts = re.findall(r"[\[(][^\[\](){}]*[\])]|empty", inner)
    joined: list[tuple[float, float]] = []
    for start, end in sorted(b for b in map(_bounds, parts) if b):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return "{" + ",".join(map(_range_text, joined)) + "}"


def _list(item: Callable[[JSON], Canonical]) -> Callable[[JSON], Canonical]:
    def form(value: JSON) -> Canonical:
        if not isinstance(value, list):
            raise ValueError("not a list")
        return tuple(None if entry is None else item(entry) for entry in value)

    return form


def _plain_numbers(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else _plain_number(Decimal(value))
    if isinstance(value, float):
        return _plain_number(exactly(value)) if value.is_integer() else value
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain_numbers(item) for name, item in value.items()}
    return value


def _plain_number(exact: Decimal) -> object:
    """Write equal numbers alike: as an integer, as a float, or by all their digits."""
    if not exact:
        return 0
    if exact.adjusted() < 19 and exact == exact.to_integral_value():
        whole = int(exact)
        if -_LARGEST <= whole < _LARGEST:
            return whole
    number = settled(exact)
    if isinstance(number, float):
        return number
    sign, digits, exponent = exact.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    short = text.rstrip("0")
    return orjson.Fragment(f"{'-' * sign}{short}e{int(exponent) + len(text) - len(short)}")


_FORMS: dict[ColumnType, Callable[[JSON], Canonical]] = {
    "text": _text,
    "tsvector": _text,
    "uuid": lambda value: _text(value).lower(),
    "boolean": _boolean,
    "smallint": _integer,
    "integer": _integer,
    "bigint": _integer,
    "real": _real,
    "date": _date,
    "time": _time,
    "timestamptz": _instant_or_word,
    "daterange": _range,
    "datemultirange": _multirange,
    "jsonb": canonical_json,
    "text[]": _list(_text),
    "boolean[]": _list(_boolean),
}
