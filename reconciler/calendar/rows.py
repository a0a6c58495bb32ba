"""Rows as a calendar sees them: texts and JSON, references as addresses, nothing private."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from ..catalogue import Kind
from ..configuration.resource import IdReference, KeyReference, Lookup
from ..values.column import JSON, Column
from ..values.jsontext import spaced
from ..values.sent import Pending

Cells: TypeAlias = Mapping[str, JSON]
Namer: TypeAlias = Callable[[str, str], str]
"""Names a row by its kind and id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row before and after; None: it is not there. ``address`` is its name for people."""

    address: str
    kind: Kind
    before: Cells | None
    after: Cells | None

    @property
    def changed(self) -> bool:
        """Tell whether it is not the same before and after."""
        return self.before != self.after


def cells(
    kind: Kind, values: Mapping[str, object], name: Namer, secrets: frozenset[str] = frozenset()
) -> Cells:
    """Take the columns that a calendar looks at, of a live row or of a resource."""
    found: dict[str, JSON] = {}
    for column_name in kind.calendar.columns if kind.calendar else ():
        column = kind.columns.get(column_name)
        if column is None or column.private or column_name not in values:
            continue
        try:
            value = _plain(values[column_name], column, name)
        except TypeError:
            continue  # it waits for a variable
        if not _holds(value, secrets):
            found[column_name] = value
    return found


def text(value: JSON) -> str:
    """Write a value for people: numbers with all the digits that they have."""
    return value if isinstance(value, str) else spaced(value)


def labelled(label: str | None, row: Cells) -> str:
    """Give the text that ``name->>default`` or ``name`` means; empty where there is none."""
    column, _, inside = (label or "").partition("->>")
    value = row.get(column)
    if inside:
        value = value.get(inside) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def fits(row: Cells, values: Mapping[str, list[JSON]]) -> bool:
    """Tell whether each column has one of its values."""
    return all(row.get(name) in some for name, some in values.items())


def _plain(value: object, column: Column, name: Namer) -> JSON:
    match value:
        case KeyReference(address) | Pending(address):
            return str(address)
        case IdReference(kind, row_id):
            return name(kind, row_id)
        case Lookup(kind):
            return f"{kind}[lookup]"
        case str() if column.reference:
            return name(column.reference.kind, value)
    return _json(value)


def _json(value: object) -> JSON:
    match value:
        case None | bool() | int() | float() | str() | Decimal():
            return value
        case list():
            return [_json(item) for item in value]
        case dict():
            return {str(key): _json(item) for key, item in value.items()}
        case KeyReference(address) | Pending(address):
            return str(address)
        case IdReference(_, row_id):
            return row_id
    raise TypeError("no value yet")


def _holds(value: JSON, secrets: frozenset[str]) -> bool:
    if not secrets:
        return False
    if isinstance(value, list):
        return any(_holds(item, secrets) for item in value)
    if isinstance(value, dict):
        return any(_holds(part, secrets) for item in value.items() for part in item)
    return any(secret in text(value) for secret in secrets)
