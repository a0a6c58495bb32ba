"""Texts as values: by the type of a column, and inside JSON by YAML's core rules."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from ...values.address import UUID_PATTERN
from ...values.column import ColumnType
from ...values.jsontext import UncarriedError, number
from ...values.real import float4
from .times import read_date, read_instant, read_multirange, read_range, read_time
from .unreadable import UnreadableError

Plain = bool | int | float | Decimal | str | None

_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_NOT_A_NUMBER = re.compile(r"[+-]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_BOOLEANS = {"true": True, "false": False}
_CORE_WORDS: Mapping[str, bool | None] = {
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_YES, _NO = frozenset({"yes", "on", "y", "1"}), frozenset({"no", "off", "n", "0"})
_LONGEST_INTEGER = 40
_WHOLE_DIGITS, _DECIMALS = 131_072, 16_383
"""What PostgreSQL's numeric takes before and behind the point."""


def read_text(text: str) -> str:
    """Take a text as it is."""
    return text


def read_boolean(text: str) -> bool:
    """Read ``true`` or ``false``, and nothing else."""
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    word = text.lower()
    if word in _YES or word == "true":
        raise UnreadableError("true or false", hint="write true")
    if word in _NO or word == "false":
        raise UnreadableError("true or false", hint="write false")
    raise UnreadableError("true or false")


def read_integer(text: str) -> int:
    """Read a decimal number without fraction; its range is the schema's matter."""
    if not _INTEGER.match(text):
        raise UnreadableError("a whole number such as 12")
    if len(text) > _LONGEST_INTEGER:
        raise UnreadableError("a whole number of a sensible size")
    return int(text)


def read_real(text: str) -> float | Decimal:
    """Read a decimal number that fits PostgreSQL's ``real``, with all its digits."""
    if not _DECIMAL.match(text):
        raise UnreadableError("a number such as 12 or 0.5")
    try:
        value = number(text)
        float4(Decimal(text))
    except ValueError as error:
        raise UnreadableError("a number of a sensible size", str(error)) from None
    return value


def read_uuid(text: str) -> str:
    """Check an id; returns it as spelled."""
    if not UUID_PATTERN.match(text):
        raise UnreadableError("an id such as 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37")
    return text


READERS: Mapping[ColumnType, Callable[[str], Plain]] = {
    "text": read_text,
    "tsvector": read_text,
    "uuid": read_uuid,
    "boolean": read_boolean,
    "smallint": read_integer,
    "integer": read_integer,
    "bigint": read_integer,
    "real": read_real,
    "date": read_date,
    "time": read_time,
    "timestamptz": read_instant,
    "daterange": read_range,
    "datemultirange": read_multirange,
    "text[]": read_text,
    "boolean[]": read_boolean,
}
"""How a text is read, by the type of its column or of its column's items."""


LEADING_ZERO = re.compile(r"[+-]?0[0-9]+\Z")
"""What a telephone number looks like, and no number that anybody writes."""


def read_core(text: str) -> Plain:
    """Read a plain scalar inside JSON, by the core schema of YAML 1.2."""
    if text in _CORE_WORDS:
        return _CORE_WORDS[text]
    if _BASED.match(text):
        return _json_number(str(int(text, 0)) if len(text) <= _LONGEST_INTEGER else "1e999999")
    if _DECIMAL.match(text):
        return _json_number(text)
    if _NOT_A_NUMBER.match(text):
        hint = "JSON has neither infinity nor NaN; quote it if it is a text"
        raise UnreadableError("a number that JSON can hold", hint=hint)
    return text


def _json_number(text: str) -> int | float | Decimal:
    """Read a number with all its digits; PostgreSQL has bounds, too."""
    try:
        value = number(text)
    except UncarriedError:
        raise _too_long() from None
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if value.adjusted() >= _WHOLE_DIGITS or -int(exponent) > _DECIMALS:
            raise _too_long()
    return value


def _too_long() -> UnreadableError:
    return UnreadableError("a number that JSON can hold", hint="put quotes around it")
