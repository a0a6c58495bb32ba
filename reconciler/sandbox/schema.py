"""The tables as the sandbox knows them: columns, keys and references, read from the kinds' schemas.

``reconciler.catalogue`` tells what people may write; what only a database needs (defaults,
generated columns, values of an enumeration) is read here from the same files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import orjson

from ..catalogue import Catalogue, Kind, load_kinds
from ..catalogue.shape import ColumnSchema
from ..values.column import JSON
from ..values.types import ColumnType


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``default`` and ``generated`` are SQL, written by this project."""

    name: str
    type: ColumnType
    nullable: bool
    default: str | None
    generated: str | None
    is_identity: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key of one column. ``cascades``: the row goes with the row it references."""

    table: str
    column: str
    target: str
    target_column: str
    cascades: bool

    @property
    def name(self) -> str:
        """The constraint's name, as PostgreSQL itself would choose it."""
        return f"{self.table}_{self.column}_fkey"


@dataclass(frozen=True, slots=True)
class Table:
    """One kind as a table."""

    name: str
    area: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]
    version: str | None
    kind: Kind


_OWN: list[Catalogue] = []
"""The one catalogue that this process serves, where it is not the shipped one."""


def serve_kinds(kinds: Catalogue) -> None:
    """Serve these kinds from now on; said once, before anything is served."""
    _OWN[:] = [kinds]
    load_tables.cache_clear()


def served() -> Catalogue:
    """Give the kinds that are served."""
    return _OWN[0] if _OWN else load_kinds()


@cache
def load_tables() -> Mapping[str, Table]:
    """Read all tables from the schemas, by name."""
    kinds = served()
    return {name: _table(kind, kinds) for name, kind in kinds.items()}


def referencing(name: str) -> tuple[Reference, ...]:
    """List the foreign keys that point to a table."""
    return tuple(
        reference
        for table in load_tables().values()
        for reference in table.references
        if reference.target == name
    )


def _table(kind: Kind, kinds: Catalogue) -> Table:
    properties = kinds.origin.schemas[kind.name]["properties"]
    only_listed = set(kind.verbs) <= {"list"}
    return Table(
        name=kind.name,
        area=kind.area,
        columns={name: _column(name, kind, spec) for name, spec in properties.items()},
        primary_key=kind.primary_key,
        unique=tuple(key for key in kind.unique if set(key) != set(kind.primary_key)),
        references=tuple(
            Reference(kind.name, c.name, c.reference.kind, c.reference.column, only_listed)
            for c in kind.references
            if c.reference and c.reference.kind in kinds
        ),
        version=kind.version,
        kind=kind,
    )


def _column(name: str, kind: Kind, spec: ColumnSchema) -> Column:
    column = kind.columns[name]
    generated = spec.get("x-generated")
    default = None if generated else _default(kind, name, spec)
    return Column(
        name=name,
        type=column.type,
        # What the server computes from a missing translation is null, whatever is documented.
        nullable=column.nullable or generated is not None,
        default=None if default == "identity" else default,
        generated=generated,
        is_identity=default == "identity",
        values=tuple(str(value) for value in spec.get("enum", []) if value),
    )


def _default(kind: Kind, name: str, spec: ColumnSchema) -> str | None:
    column = kind.columns[name]
    if "x-default-sql" in spec:
        return spec["x-default-sql"]
    if "default" in spec:
        return _literal(column.type, spec["default"])
    if column.nullable or column.required_on_create:
        return None
    if "enum" in spec:
        return _quoted(str(spec["enum"][0]))
    if column.type.form == "json" and spec.get("type") == "array":
        return "'[]'"
    return column.type.stored.default


def _literal(column_type: ColumnType, value: JSON) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if column_type.item and isinstance(value, list):
        items = ", ".join(str(_literal(column_type.item, item)) for item in value)
        return f"array[{items}]::{column_type}"
    if isinstance(value, int | float):
        return str(value)
    return _quoted(value if isinstance(value, str) else orjson.dumps(value).decode())


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
