"""Rows as people write them: references by key, JSON as YAML, nothing that the server writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..canonical import canonical
from ..change import Row
from ..kind import JSON, Column, Kind, Target
from ..resource import UUID_PATTERN
from .redact import Redactor

MINE = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Writing:
    """How rows become YAML values.

    ``profiles`` are the rows that inputs stand for (a member's e-mail), by kind and id.
    """

    kinds: Mapping[str, Kind]
    keys: MINE
    profiles: Mapping[str, Mapping[str, Row]]
    redactor: Redactor | None = None
    omit_defaults: bool = False

    def columns(self, kind: Kind, key: str, row: Row) -> Iterator[tuple[str, JSON]]:
        """Give the columns of a row, in the order of the schema."""
        for column in kind.columns.values():
            if not column.writable or column.name not in row:
                continue
            if column.sensitive:
                if column.required_on_create:
                    yield column.name, Placeholder.name(kind, key, column)
                continue
            value = row[column.name]
            if not (self.omit_defaults and _is_default(column, value)):
                yield column.name, self._value(column, value)
        yield from self._inputs(kind, row)

    def _inputs(self, kind: Kind, row: Row) -> Iterator[tuple[str, JSON]]:
        for name, column in kind.inputs.items():
            through, _, inner = (column.stands_for or "").partition(".")
            target = kind.columns[through].reference if through else None
            if target is None:
                continue
            profile = self.profiles.get(target.kind, {}).get(str(row.get(through)), {})
            value = profile.get(inner)
            if value is not None:
                yield name, self._text(column, value)

    def _value(self, column: Column, value: JSON) -> JSON:
        if column.reference and isinstance(value, str):
            return self._reference(column.reference, value)
        if column.places:
            value = self._places(column, value)
        return self._text(column, value)

    def _text(self, column: Column, value: JSON) -> JSON:
        if column.pii and self.redactor:
            value = self.redactor.replace(column.name, value)
        return _escaped(value)

    def _reference(self, target: Target, value: str) -> str:
        return self.keys.get(target.kind, {}).get(value.lower(), value)

    def _places(self, column: Column, value: JSON) -> JSON:
        by_name = {place.property: place.target for place in column.places if place.property}
        names = next((place.target for place in column.places if not place.property), None)
        if names and isinstance(value, dict):
            value = {self._reference(names, name): item for name, item in value.items()}
        return self._inside(by_name, value)

    def _inside(self, by_name: Mapping[str, Target], value: JSON) -> JSON:
        if isinstance(value, list):
            return [self._inside(by_name, item) for item in value]
        if isinstance(value, dict):
            return {
                name: self._reference(by_name[name], item)
                if name in by_name and isinstance(item, str) and UUID_PATTERN.match(item)
                else self._inside(by_name, item)
                for name, item in value.items()
            }
        return value


class Placeholder(str):
    """``${NAME}``: stands for a secret; it is written as it is, not escaped."""

    __slots__ = ()

    @classmethod
    def name(cls, kind: Kind, key: str, column: Column) -> "Placeholder":
        """Name the variable after the resource and its column."""
        words = f"{kind.name}_{key}_{column.name}".upper().replace("-", "_")
        return cls("${" + words + "}")


def _escaped(value: JSON) -> JSON:
    """Keep ``${`` from being read as a variable."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {name: _escaped(item) for name, item in value.items()}
    return value


def _is_default(column: Column, value: JSON) -> bool:
    if "default" not in column.schema:
        return value is None
    return canonical(value, column.type) == canonical(column.schema["default"], column.type)
