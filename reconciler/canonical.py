"""One form for each value, so that two spellings of the same thing are equal with ``==``.

==================  =======================================================
text, uuid          as is; ids in lower case
smallint … bigint   int
real                the nearest float4, as the server stores it
timestamptz         the instant in UTC, ``2026-07-01T14:00:00.000000+00:00``
date, time          ISO 8601; ``15:00`` is ``15:00:00``
daterange           ``[lower,upper)``; ``empty``
datemultirange      sorted, touching ranges joined
jsonb               bytes: names sorted, 1.0 is 1, true is not 1
arrays              tuple
==================  =======================================================
"""

import datetime as dt
import math
import re
import struct
from collections.abc import Callable
from decimal import Decimal

import orjson

from .kind import JSON, ColumnType

Canonical = None | bool | int | float | str | bytes | tuple["Canonical", ...]

_RANGE = re.compile(r"\s*([\[(])\s*([^,\s]*)\s*,\s*([^,\s]*)\s*([\])])\s*")
_DAY_10000 = dt.date.max.toordinal() + 1


def canonical(value: JSON, column_type: ColumnType) -> Canonical:
    """Bring a value of a column to its canonical form.

    Raises ValueError where the value is not one of the type.
    """
    if value is None:
        return None
    return _FORMS[column_type](value)


def canonical_json(value: object) -> bytes:
    """Write JSON so that equal documents are equal bytes."""
    return orjson.dumps(_plain_numbers(value), option=orjson.OPT_SORT_KEYS)


def instant(text: str) -> str:
    """Bring a timestamp to UTC with microseconds; one without an offset is UTC already."""
    moment = dt.datetime.fromisoformat(_full_offset(text))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
    except OverflowError as error:
        raise ValueError("a moment outside the years 1 to 9999") from error


def _full_offset(text: str) -> str:
    text = text.strip()
    return text + ":00" if re.search(r"\d[+-]\d{2}$", text) and ":" in text else text


def _instant_or_text(value: JSON) -> str:
    text = _text(value)
    # infinity and years that Python has no date for are compared as the server writes them
    return text if text in {"infinity", "-infinity"} or "BC" in text else instant(text)


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _integer(value: JSON) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError("not a whole number")
    return int(value)


def _float4(value: JSON) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    try:
        stored: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError as error:
        raise ValueError("too large a number") from error
    return stored


def _boolean(value: JSON) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def _date(value: JSON) -> str:
    text = _text(value)
    return text if text in {"infinity", "-infinity"} else dt.date.fromisoformat(text).isoformat()


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
    # the first day after Python's last one is where a range to the end of 9999 ends
    return _DAY_10000 if text == "10000-01-01" else dt.date.fromisoformat(text).toordinal()


def _range_text(bounds: tuple[float, float]) -> str:
    start, end = bounds
    lower = "(" if math.isinf(start) else f"[{_day_text(start)}"
    return f"{lower},{'' if math.isinf(end) else _day_text(end)})"


def _day_text(day: float) -> str:
    return "10000-01-01" if day == _DAY_10000 else dt.date.fromordinal(int(day)).isoformat()


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
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        whole = int(Decimal(repr(value)))  # the digits that are sent, not the binary value
        return whole if abs(whole) < 2**63 else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return float(value)
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain_numbers(item) for name, item in value.items()}
    return value


_FORMS: dict[ColumnType, Callable[[JSON], Canonical]] = {
    "text": _text,
    "tsvector": _text,
    "uuid": lambda value: _text(value).lower(),
    "boolean": _boolean,
    "smallint": _integer,
    "integer": _integer,
    "bigint": _integer,
    "real": _float4,
    "date": _date,
    "time": _time,
    "timestamptz": _instant_or_text,
    "daterange": _range,
    "datemultirange": _multirange,
    "jsonb": canonical_json,
    "text[]": _list(_text),
    "boolean[]": _list(_boolean),
}
