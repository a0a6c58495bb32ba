"""Whole and decimal numbers: how they are read, and their canonical form."""

import re
from decimal import Decimal

from .jsontext import JSON, exactly, number
from .real import float4
from .unreadable import UnreadableError

A_WHOLE_NUMBER = "a whole number such as 12"
A_NUMBER = "a number such as 12 or 0.5"
INTEGER = r"[+-]?[0-9]+"
DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
LONGEST_INTEGER = 40

_INTEGER = re.compile(INTEGER + r"\Z")
_DECIMAL = re.compile(DECIMAL + r"\Z")
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})


def read_integer(text: str) -> int:
    """Read a decimal number without fraction; its range is the schema's matter."""
    if not _INTEGER.match(text):
        raise UnreadableError(A_WHOLE_NUMBER)
    if len(text) > LONGEST_INTEGER:
        raise UnreadableError("a whole number of a sensible size")
    return int(text)


def read_real(text: str) -> float | Decimal:
    """Read a decimal number that fits PostgreSQL's ``real``, with all its digits."""
    if not _DECIMAL.match(text):
        raise UnreadableError(A_NUMBER)
    try:
        value = number(text)
        float4(Decimal(text))
    except ValueError as error:
        raise UnreadableError("a number of a sensible size", str(error)) from None
    return value


def integer_form(value: JSON) -> int:
    """Write a whole number as one: 1.0 is 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError("not a whole number")
    return int(value)


def real_form(value: JSON) -> float | str:
    """Round a number as the server does; what is no number it writes as a text."""
    if isinstance(value, str) and value in _NO_NUMBERS:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("not a number")
    return float4(exactly(value))
