"""Filters as values, and their spelling in a query string.

A value stands bare after ``column=operator.`` but is quoted inside ``in.(…)``, ``and=(…)`` and
``or=(…)``, where commas and parentheses have a meaning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from ..values.column import JSON, Column
from ..values.jsontext import dumps, spelled

URL_BOUND = 8000
"""Characters of path and query that every server on the way takes."""

_UNSAFE = re.compile(r"[^A-Za-z0-9\-_.~,()*:!']")
_BARE = re.compile(r"[A-Za-z0-9\-_]+")
_QUERY_WORDS = frozenset({"select", "order", "limit", "offset", "and", "or", "not", "columns"})


@dataclass(frozen=True, slots=True)
class Condition:
    """``column=operator.value``; ``column`` may be a JSON path such as ``name->>default``.

    ``wanted`` are the values of which a row must have one, where it is a matter of equality.
    """

    column: str
    operator: str
    value: str
    wanted: frozenset[str] | None = None

    def parameter(self) -> str:
        """Spell it as a parameter of its own; a column named like a query word goes inside."""
        if self.column in _QUERY_WORDS:
            value = self.value if self.operator == "in" else _quoted(self.value)
            return "and=" + encoded(f"({self.column}.{self.operator}.{value})")
        return f"{encoded(self.column)}={self.operator}.{encoded(self.value)}"


@dataclass(frozen=True, slots=True)
class RowLock:
    """One row, and what its columns must still hold for a write to touch it.

    ``row`` names the row by its id columns; ``expected`` holds the version column, or all the
    old values where a kind has none, with None for null.
    """

    row: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str | None], ...]

    def parameters(self) -> str:
        """Spell it as parameters; columns named like a query word go inside ``and=(…)``."""
        if any(name in _QUERY_WORDS for name, _ in self.expected):
            return "and=" + encoded(f"({self.inner()})")
        named = [_equal(name, value) for name, value in self.row]
        held = [
            f"{name}=is.null" if value is None else _equal(name, value)
            for name, value in self.expected
        ]
        return "&".join((*named, *held))

    def inner(self) -> str:
        """Spell it as the inside of ``and(…)``."""
        named = [f"{name}.eq.{_quoted(value)}" for name, value in self.row]
        held = [
            f"{name}.is.null" if value is None else f"{name}.eq.{_quoted(value)}"
            for name, value in self.expected
        ]
        return ",".join((*named, *held))


Locks: TypeAlias = tuple[RowLock, *tuple[RowLock, ...]]
"""At least one row: a write that names none cannot be written down."""


def lock_query(locks: Locks) -> str:
    """Spell the filter of a write; encoded."""
    first, *others = locks
    if not others:
        return _alone(first)
    return "or=(" + ",".join([f"and({_inside(lock)})" for lock in locks]) + ")"


@lru_cache(64)  # it is measured before it is sent
def _alone(lock: RowLock) -> str:
    return lock.parameters()


@lru_cache(4096)  # so is this
def _inside(lock: RowLock) -> str:
    return encoded(lock.inner())


def fits(kind: str, locks: Locks, bound: int = URL_BOUND) -> bool:
    """Tell whether the URL of a write stays under the bound; one row's lock alone may not."""
    return len(locks) > 1 or len(f"/{kind}?{lock_query(locks)}") <= bound


def chunks_by_url(kind: str, locks: Iterable[RowLock], bound: int = URL_BOUND) -> Iterator[Locks]:
    """Cut locks into runs whose URL stays under the bound; a run is never empty."""
    room = bound - len(f"/{kind}?or=()")
    chunk: list[RowLock] = []
    used = 0
    for lock in locks:
        length = len(_inside(lock)) + len(",and()")
        if chunk and used + length > room:
            yield (chunk[0], *chunk[1:])
            chunk, used = [], 0
        chunk.append(lock)
        used += length
    if chunk:
        yield (chunk[0], *chunk[1:])


def row_lock(names: Iterable[str], held: Iterable[Column], row: Mapping[str, JSON]) -> RowLock:
    """Lock a row, named by some columns, at the values that were read of others."""
    first, *others = [(name, str(row[name])) for name in names]  # a lock without a row is none
    return RowLock(
        (first, *others),
        tuple([(column.name, filter_text(row[column.name], column)) for column in held]),
    )


def equals(column: str, value: str) -> Condition:
    """Build ``column=eq.value``."""
    return Condition(column, "eq", value, frozenset({value}))


def greater(column: str, value: str) -> Condition:
    """Build ``column=gt.value``."""
    return Condition(column, "gt", value)


def in_range(column: str, first: str, last: str) -> tuple[Condition, Condition]:
    """Build the two conditions of a closed range."""
    return Condition(column, "gte", first), Condition(column, "lte", last)


def one_of(column: str, values: Iterable[str]) -> Condition:
    """Build ``column=in.(…)``."""
    wanted = tuple(values)
    text = f"({','.join(_quoted(value) for value in wanted)})"
    return Condition(column, "in", text, frozenset(wanted))


def value_chunks(values: Iterable[str], *, room: int = URL_BOUND - 1500) -> Iterator[list[str]]:
    """Cut the values of an ``in.(…)`` so that the URL stays under the bound."""
    chunk: list[str] = []
    used = 0
    for value in values:
        length = len(encoded(_quoted(value))) + 1
        if chunk and used + length > room:
            yield chunk
            chunk, used = [], 0
        chunk.append(value)
        used += length
    if chunk:
        yield chunk


def filter_text(value: JSON, column: Column) -> str | None:
    """Write a value as PostgreSQL reads it in a filter; None stands for null."""
    if value is None:
        return None
    if column.type.form == "json":
        return dumps(value).decode()
    if isinstance(value, list):
        return "{" + ",".join(_array_item(item) for item in value) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.type.form == "moment":
        return str(value).replace("+00:00", "Z")
    return spelled(value) if isinstance(value, Decimal) else str(value)


def encoded(text: str) -> str:
    """Percent-encode, leaving what every server reads as it is (a shorter URL holds more rows)."""
    return _UNSAFE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


@lru_cache(1000)
def _escaped(character: str) -> str:
    return quote(character, safe="")


def _equal(column: str, value: str) -> str:
    """Spell a condition of a lock."""
    if column in _QUERY_WORDS:
        return equals(column, value).parameter()
    return f"{encoded(column)}=eq.{encoded(value)}"


def _array_item(value: JSON) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
