"""The values of a column, each once: most columns of many rows hold few."""

from collections.abc import Collection, Sequence
from typing import TypeVar

_V = TypeVar("_V")
_HASHED = frozenset({str, int, float, bool, type(None)})


def distinct(values: Sequence[_V]) -> Collection[_V]:
    """Give every value once, where all can be told apart; else all of them.

    Python takes 1, 1.0 and true for one, so they are told apart by type. 0.0 and -0.0 are one.
    """
    types = {*map(type, values)}
    if not types <= _HASHED:
        return values
    if len(types - {type(None)}) <= 1:
        return {*values}
    return [value for one in types for value in {v for v in values if type(v) is one}]
