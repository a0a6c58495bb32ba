"""JSON as text, with every number as it was written.

A float holds about 15 digits, PostgreSQL's jsonb thousands. What a float or an integer of 64 bits
carries exactly is one, so that nearly every value is plain; the rest is a ``Decimal``.
"""

import json
import math
import re
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import TypeAlias

import orjson

JSON: TypeAlias = "bool | int | float | Decimal | str | list[JSON] | dict[str, JSON] | None"
"""A number is a ``Decimal`` where neither a float nor an integer of 64 bits is that very number."""

DEEPEST = 240
"""So many levels of one value can be carried, with those of a document around it."""

LONGEST = 150_000
"""So many digits of one number can be carried, written out; PostgreSQL stores 147,455."""

_LARGEST = 2**63
_ROUND = 254 - DEEPEST
_DIGITS = bytes.maketrans(b"123456789.E}] \n\r\t", b"0000000000e,,,,,,")
_LONG = b"0" * 16
_TINY = re.compile(rb"e-0{3,15},")


class UncarriedError(ValueError):
    """A number or a depth that is beyond what can be carried; the message says which."""


def loads(text: bytes) -> JSON:
    """Read JSON; raises ValueError where it is none, UncarriedError where it is beyond bounds."""
    return _writable(parsed(text))


def parsed(text: bytes) -> JSON:
    """Read JSON like :func:`loads`, but maybe deeper than could be written again."""
    try:
        value: JSON = orjson.loads(text)
    except orjson.JSONDecodeError:  # maybe only for a number that no float holds, or for its depth
        return _slowly(text)
    return _slowly(text) if _may_be_rounded(text) else value


def dumps(value: object, option: int = 0) -> bytes:
    """Write JSON; raises TypeError where it is nested too deep."""
    return orjson.dumps(value, default=_fragment, option=option)


def is_plain(text: str) -> bool:
    """Tell whether JSON writes a text as it is, between quotes."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def spaced(value: JSON) -> str:
    """Write JSON on one line for people, with a space behind each comma and colon."""
    if isinstance(value, str):
        return f'"{value}"' if is_plain(value) else encode_basestring(value)
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{spaced(name)}: {spaced(v)}" for name, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spaced, value)) + "]"
    return spelled(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def number(text: str) -> int | float | Decimal:
    """Read a decimal number, as a float where that is the very same number.

    Raises UncarriedError where it has too many digits.
    """
    digits = text.lstrip("+-")
    if digits.isdigit() and len(digits) < 20 and -_LARGEST <= (whole := int(text)) < _LARGEST:
        return whole
    try:
        exact = Decimal(text)
    except InvalidOperation as error:
        raise UncarriedError("a number beyond all bounds") from error
    return exact if digits.isdigit() else settled(exact)


def settled(exact: Decimal) -> float | Decimal:
    """Give a number as a float where that is the very same number."""
    if not exact:
        return 0.0
    whole = exact.adjusted()
    if not -LONGEST < whole < LONGEST:
        raise UncarriedError(f"a number with more than {LONGEST:,} digits")
    close = float(exact) if -400 < whole < 400 else math.inf
    return close if math.isfinite(close) and Decimal(repr(close)) == exact else exact


def exactly(value: float | Decimal) -> Decimal:
    """Give a number by the digits it is written with, not by its binary value."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def spelled(exact: Decimal) -> str:
    """Write a number with all its digits, as PostgreSQL does, where these are not too many."""
    return f"{exact:f}" if -60 < exact.adjusted() < 60 else str(exact)


def _slowly(text: bytes) -> JSON:
    try:
        value: JSON = json.loads(
            text, parse_float=number, parse_int=number, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise nested() from error
    return _writable(value)


def _writable(value: JSON) -> JSON:
    """Refuse what could not be written again."""
    try:
        dumps(value)
    except TypeError as error:
        if "surrogate" in str(error):
            raise ValueError("it holds half a character") from error
        raise nested() from error
    return value


def is_too_deep(value: JSON) -> bool:
    """Tell whether a row holds a value that is nested too deep for a document around it."""
    for _ in range(_ROUND):
        value = [value]
    try:
        dumps(value)
    except TypeError:
        return True
    return False


def nested() -> UncarriedError:
    """Make the error of a value that is too deep."""
    return UncarriedError(f"a value nested more than {DEEPEST} deep")


def _may_be_rounded(text: bytes) -> bool:
    """Tell whether a number may have more digits than a float holds, or be too near to zero."""
    seen = text.translate(_DIGITS)
    return _LONG in seen or _TINY.search(seen) is not None


def _no_constant(name: str) -> JSON:
    raise ValueError(f"{name} is not JSON")


def _fragment(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(spelled(value))
    raise TypeError(f"{type(value).__name__} is not JSON")
