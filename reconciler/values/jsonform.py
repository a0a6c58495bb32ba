"""JSON in its canonical form: equal documents are equal bytes."""

from decimal import Decimal
from typing import cast

import orjson

from .jsontext import dumps, exactly, settled

_LARGEST = 2**63
AS_THEY_ARE = frozenset({str, bool, type(None)})
"""Types whose values hold no number."""


def canonical_json(value: object) -> bytes:
    """Write JSON so that equal documents are equal bytes: names sorted, 1.0 is 1, true is not 1."""
    return dumps(plain_numbers(value), option=orjson.OPT_SORT_KEYS)


def same_json(one: object, other: object) -> bool:
    """Tell whether two values are the same JSON; to Python 0 is False.

    One that is no JSON yet, as it holds an id that only the server can give, is like no other.
    """
    try:
        return canonical_json(one) == canonical_json(other)
    except TypeError:
        return False


def plain_numbers(value: object) -> object:
    """Bring the numbers in a value to the form in which equal ones are written alike."""
    sort = type(value)
    if sort is dict:
        items = cast("dict[str, object]", value).items()
        return {n: v if type(v) in AS_THEY_ARE else plain_numbers(v) for n, v in items}
    if sort is list:
        some = cast("list[object]", value)
        return [v if type(v) in AS_THEY_ARE else plain_numbers(v) for v in some]
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else _plain_number(Decimal(value))
    if isinstance(value, float):
        return _plain_number(exactly(value)) if value.is_integer() else value
    return _plain_number(value) if isinstance(value, Decimal) else value


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
