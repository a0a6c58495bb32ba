"""Rows as people write them: references by key, JSON as YAML, nothing that the server writes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from ..catalogue import Kind
from ..values.address import UUID_PATTERN
from ..values.canonical import same
from ..values.column import JSON, Column, Target
from ..values.sent import Row
from ..yamltext.quotes import Raw
from .cycles import Point
from .fitness import Fitness
from .redact import Redactor


class _Step(NamedTuple):
    """What a column needs, found out once: a ``simple`` one is written as its value is."""

    column: Column
    exported: bool
    secret: bool
    simple: bool


def _step(column: Column) -> _Step:
    secret = column.sensitive and column.writable and column.required_on_create
    simple = not (column.reference or column.places or column.type.bare or _names(column))
    return _Step(column, column.exported, secret, simple)


def _names(column: Column) -> Iterable[str]:
    """Give the names that a column's schema knows inside, such as ``default`` of a text."""
    known = column.schema.get("properties")
    return known if isinstance(known, dict) else ()


@dataclass(frozen=True, slots=True)
class Writing:
    """How rows become YAML values.

    ``keys`` are those of all rows that have one. ``profiles`` are the rows that inputs stand for
    (a member's e-mail), by kind and id. ``closing`` are the references that stay ids, lest keys
    go round in a cycle. ``unfit`` counts what had to be left out, by kind and column.
    """

    kinds: Mapping[str, Kind]
    keys: Mapping[str, Mapping[str, str]]
    profiles: Mapping[str, Mapping[str, Row]]
    redactor: Redactor | None = None
    omit_defaults: bool = False
    closing: frozenset[tuple[Point, Point]] = frozenset()
    unfit: Counter[tuple[str, str]] = field(default_factory=Counter)
    fitness: Fitness = field(default_factory=Fitness)
    _steps: dict[str, "Mapping[str, _Step]"] = field(default_factory=dict)

    def columns(self, kind: Kind, key: str, row: Row) -> dict[str, JSON]:
        """Give the columns of a row, in the order of its kind."""
        steps = self._steps_of(kind)
        known = {
            name: self.redactor.replace(step.column, row[name]) if self.redactor else row[name]
            for name, step in steps.items()
            if step.exported and name in row
        }
        unfit = self.fitness.unfit(kind, known)
        if unfit:
            self.unfit.update((kind.name, name) for name in unfit)
        columns: dict[str, JSON] = {}
        for name, step in steps.items():
            column = step.column
            if step.secret:
                columns[name] = placeholder(kind, key, column)
            elif name in known and name not in unfit:
                value = known[name]
                if self.omit_defaults and is_default(column, value):
                    continue
                simple = step.simple
                columns[name] = _escaped(value) if simple else self.value(kind, row, column, value)
        columns.update(self._inputs(kind, row) if kind.inputs else ())
        return columns

    def together(self, kind: Kind) -> tuple[str, ...]:
        """Name the columns to write, in their order; none where each row needs to be looked at."""
        steps = self._steps_of(kind)
        by_row = self.redactor or self.omit_defaults or kind.inputs
        cyclic = any(name == kind.name for (name, _), _ in self.closing)
        if by_row or cyclic or any(step.secret for step in steps.values()):
            return ()
        return tuple(name for name, step in steps.items() if step.exported)

    def written(self, kind: Kind, row: Row, name: str) -> Callable[[JSON], JSON]:
        """Give what writes the values of a column, where :meth:`together` names it.

        Of several rows it may be any: none of theirs closes a cycle.
        """
        step = self._steps_of(kind)[name]
        return _escaped if step.simple else partial(self.value, kind, row, step.column)

    def _steps_of(self, kind: Kind) -> "Mapping[str, _Step]":
        if kind.name not in self._steps:
            names = (name for name in kind.in_order if name in kind.columns)
            steps = {name: _step(kind.columns[name]) for name in names}
            if kind.soft_delete:  # rows that have the mark are left out
                steps[kind.soft_delete] = steps[kind.soft_delete]._replace(exported=False)
            self._steps[kind.name] = steps
        return self._steps[kind.name]

    def value(self, kind: Kind, row: Row, column: Column, value: JSON) -> JSON:
        """Write one value of a row."""
        here = kind.name, str(row[kind.id_column])
        if column.reference and isinstance(value, str):
            return self._reference(here, column.reference, value, column)
        if column.places:
            value = self._places(here, column, value)
        if isinstance(value, dict) and (names := _names(column)):
            # the database puts shorter names first, so that `nl-NL` comes before `default`
            first = {name: value[name] for name in names if name in value}
            value = {**first, **value}
        if column.type.bare and isinstance(value, str):
            return Raw(value)
        return _escaped(value)

    def notes(self) -> Iterator[str]:
        """Say what was left out because YAML cannot hold it."""
        for (kind, column), number in sorted(self.unfit.items()):
            rows = "1 row" if number == 1 else f"{number} rows"
            yield f"{kind}.{column} is left out of {rows}: such a value cannot be written as YAML"

    def _redacted(self, column: Column, value: JSON) -> JSON:
        return self.redactor.replace(column, value) if self.redactor else value

    def _inputs(self, kind: Kind, row: Row) -> Iterator[tuple[str, JSON]]:
        for name, column in kind.inputs.items():
            through, _, inner = (column.stands_for or "").partition(".")
            target = kind.columns[through].reference if through else None
            if target is None:
                continue
            profile = self.profiles.get(target.kind, {}).get(str(row.get(through)), {})
            value = profile.get(inner)
            if value is not None:
                yield name, _escaped(self._redacted(column, value))

    def _reference(
        self, here: Point, target: Target, value: str, column: Column | None = None
    ) -> str | None:
        row_id = value.lower()
        key = self.keys.get(target.kind, {}).get(row_id)
        if key is not None and (here, (target.kind, row_id)) not in self.closing:
            return key
        # in another organization there is no row with this id
        return None if self.redactor and column and column.nullable else value

    def _places(self, here: Point, column: Column, value: JSON) -> JSON:
        by_name = {place.property: place.target for place in column.places if place.property}
        names = next((place.target for place in column.places if not place.property), None)
        if names and isinstance(value, dict):
            return {
                str(self._reference(here, names, name)): self._inside(here, by_name, item)
                for name, item in value.items()
            }
        return self._inside(here, by_name, value)

    def _inside(self, here: Point, by_name: Mapping[str, Target], value: JSON) -> JSON:
        if isinstance(value, list):
            return [self._inside(here, by_name, item) for item in value]
        if isinstance(value, dict):
            return {
                name: self._reference(here, by_name[name], item)
                if name in by_name and isinstance(item, str) and UUID_PATTERN.match(item)
                else self._inside(here, by_name, item)
                for name, item in value.items()
            }
        return value


def placeholder(kind: Kind, key: str, column: Column) -> Raw:
    """Stand ``${NAME}`` for a secret, named after the resource and its column."""
    words = f"{kind.name}_{key}_{column.name}".upper().replace("-", "_")
    return Raw("${" + words + "}")


def is_default(column: Column, value: JSON) -> bool:
    """Tell whether a new row would have this value without being given it."""
    if column.required_on_create:
        return False
    if "default" not in column.schema:
        return value is None and not column.has_default
    return same(value, column.schema["default"], column)


def _escaped(value: JSON) -> JSON:
    """Keep ``${`` from being read as a variable."""
    if isinstance(value, str):
        return value.replace("${", "$${") if "${" in value else value
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {name: _escaped(item) for name, item in value.items()}
    return value
