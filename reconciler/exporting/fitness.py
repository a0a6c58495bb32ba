"""What the YAML cannot hold, though the server does: it is left out and said, never bent.

Such as a choice that this version does not know, a date before the year 1, a null inside a list.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import cast

from ..catalogue import Kind
from ..catalogue.rules import is_broken
from ..configuration.validate.coded import wrong_code
from ..configuration.validate.schema import Gate
from ..configuration.validate.suggest import Suggester
from ..configuration.validate.zones import reader_of
from ..values.address import UUID_PATTERN
from ..values.column import JSON, Column, Target
from ..values.core import read_core
from ..values.distinct import distinct
from ..values.jsontext import spelled
from ..values.unreadable import UnreadableError

_DEEPEST = 80
_LONGEST_NAME = 400


class Fitness:
    """Judges rows by the same schemas and readers that the YAML will be read with."""

    def __init__(self) -> None:
        self._gate = Gate(Suggester())
        self._spelled: dict[str, tuple[Column, ...]] = {}

    def unfit(self, kind: Kind, values: Mapping[str, JSON]) -> frozenset[str]:
        """Name the columns whose values could not be read back."""
        refused: set[str] = set()
        if not self._gate.accepts(kind, values):
            refused = {n for n, v in values.items() if not self._gate.accepts(kind, {n: v})}
        for column in self._columns(kind):
            value = values.get(column.name)
            if value is not None and not _can_be_read(column, value):
                refused.add(column.name)
        return frozenset(refused.union(*_disagreeing(kind, values)))

    def all_fit(self, kind: Kind, columns: Mapping[str, Sequence[JSON]]) -> bool:
        """Tell at first sight, column by column, that the values of many rows can be read back."""
        more = {column.name for column in self._columns(kind)}
        for name, values in columns.items():
            column, some = kind.columns[name], distinct(values)
            if not self._gate.accepts_all(kind, name, some):
                return False
            if name in more and not all(_can_be_read(column, v) for v in some if v is not None):
                return False
        return not _any_disagree(kind, columns)

    def _columns(self, kind: Kind) -> tuple[Column, ...]:
        """Give the columns whose values are more than texts."""
        if kind.name not in self._spelled:
            columns = kind.columns.values()
            self._spelled[kind.name] = tuple(
                c for c in columns if c.code or c.type.every is not str
            )
        return self._spelled[kind.name]


def _disagreeing(kind: Kind, values: Mapping[str, JSON]) -> Iterator[tuple[str, ...]]:
    """Give the columns of each rule that a row breaks, though the server took it."""
    for rule in kind.relations:
        known = all(name in values for name in rule.columns)
        if known and rule.severity == "error" and is_broken(rule, kind.columns, values):
            yield rule.columns


def _any_disagree(kind: Kind, columns: Mapping[str, Sequence[JSON]]) -> bool:
    """Tell whether any of many rows breaks a rule about several of its columns."""
    return any(
        rule.severity == "error"
        and is_broken(rule, kind.columns, dict(zip(names, row, strict=True)))
        for rule in kind.relations
        if columns.keys() >= set(names := rule.columns)
        for row in zip(*(columns[name] for name in names), strict=True)
    )


def _can_be_read(column: Column, value: JSON) -> bool:
    if column.type.form == "json":
        return _json_fits(column, value)
    if isinstance(value, list):
        return None not in value and all(_is_meant(column, item) for item in value)
    return isinstance(value, bool) or _is_read(column, value)


def _is_read(column: Column, value: JSON) -> bool:
    try:
        reader_of(column)(str(value))
    except UnreadableError:
        return False
    return _is_meant(column, value)


def _is_meant(column: Column, value: JSON) -> bool:
    wrong = wrong_code(column, value)
    return wrong is None or wrong.doubtful


def _json_fits(column: Column, value: JSON) -> bool:
    by_name = {place.property: place.target for place in column.places if place.property}
    if any(not place.property for place in column.places) and isinstance(value, dict):
        if not all(map(_is_id, value)):
            return False
        value = cast("JSON", list(value.values()))
    return _leaf_fits(value) and all(
        _leaf_fits(inner) and _entry_fits(name, inner, by_name) for name, inner in _entries(value)
    )


def _leaf_fits(value: JSON) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return True
    try:
        return read_core(spelled(value) if isinstance(value, Decimal) else repr(value)) == value
    except UnreadableError:
        return False


def _entry_fits(name: str | None, value: JSON, by_name: Mapping[str, Target]) -> bool:
    if name is None:
        return True
    if "${" in name or len(name) > _LONGEST_NAME:
        return False
    # at such a place our reader takes a scalar for a key or an id, and a lookup for a question
    if name not in by_name or value is None:
        return True
    if isinstance(value, list | dict):
        return list(value) != ["lookup"] or isinstance(value, list)
    return isinstance(value, str) and _is_id(value)


def _entries(value: JSON, depth: int = 0) -> Iterator[tuple[str | None, JSON]]:
    """Go through what is in a JSON value; too deep down stands a name that cannot be."""
    if depth > _DEEPEST:
        yield "${", None
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from _entries(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield None, inner
            yield from _entries(inner, depth + 1)


def _is_id(text: str) -> bool:
    return bool(UUID_PATTERN.match(text)) and text == text.lower()
