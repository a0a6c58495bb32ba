"""Plain scalars inside JSON, as the core schema of YAML 1.2 reads them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from .jsontext import UncarriedError, number
from .numbers import DECIMAL, LONGEST_INTEGER
from .unreadable import UnreadableError

Plain: TypeAlias = "bool | int | float | Decimal | str | None"
"""What one scalar of YAML says."""

LEADING_ZERO = re.compile(r"[+-]?0[0-9]+\Z")
"""What a telephone number looks like, and no number that anybody writes."""

_DECIMAL = re.compile(DECIMAL + r"\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_NOT_A_NUMBER = re.compile(r"[+-]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_WORDS: Mapping[str, bool | None] = {
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_WHOLE_DIGITS, _DECIMALS = 131_072, 16_383
"""What PostgreSQL's numeric takes before and behind the point."""


def read_core(text: str) -> Plain:
    """Read a plain scalar inside JSON."""
    if text in _WORDS:
        return _WORDS[text]
    if _BASED.match(text):
        return _number(str(int(text, 0)) if len(text) <= LONGEST_INTEGER else "1e999999")
    if _DECIMAL.match(text):
        return _number(text)
    if _NOT_A_NUMBER.match(text):
        hint = "JSON has neither infinity nor NaN; quote it if it is a text"
        raise UnreadableError("a number that JSON can hold", hint=hint)
    return text


def _number(text: str) -> int | float | Decimal:
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
