"""What the schemas say about a kind, as values. A kind is data: nothing here knows one by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast

import orjson

JSON: TypeAlias = "bool | int | float | Decimal | str | list[JSON] | dict[str, JSON] | None"
"""A number is a ``Decimal`` where neither a float nor an integer of 64 bits is that very number."""
Verb = Literal["list", "create", "update", "delete"]
ColumnType = Literal[
    "text", "uuid", "boolean", "smallint", "integer", "bigint", "real", "date", "time",
    "timestamptz", "jsonb", "text[]", "boolean[]", "daterange", "datemultirange", "tsvector",
]  # fmt: skip
Evidence = Literal["documented-2026", "second-hand-2026", "documented-2024", "inferred"]
UNCONFIRMED: frozenset[Evidence] = frozenset({"documented-2024", "inferred"})


@dataclass(frozen=True, slots=True)
class Target:
    """The kind and column that a reference points to."""

    kind: str
    column: str

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read ``contacts.id``."""
        kind, column = text.split(".")
        return cls(kind, column)


@dataclass(frozen=True, slots=True)
class Place:
    """A place inside a JSON column that holds ids.

    ``path`` is ``keys`` (the names of the outermost object) or ``**.NAME`` (the value of
    every property called NAME, at any depth).
    """

    path: str
    target: Target

    @property
    def property(self) -> str | None:
        """The property's name, or None where the object's own keys are ids."""
        return None if self.path == "keys" else self.path.removeprefix("**.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind. ``schema`` is its plain JSON Schema."""

    name: str
    type: ColumnType
    schema: Mapping[str, JSON]
    description: str
    nullable: bool
    has_default: bool
    server_written: bool
    required_on_create: bool
    pii: bool
    sensitive: bool
    unconfirmed: bool
    filled: bool
    reference: Target | None
    places: tuple[Place, ...]
    zone: bool
    volatile: bool
    interim: bool = False
    """Its value may be another one for a moment, while unique values change places."""
    stands_for: str | None = None
    """For an input that is only for create: the column it becomes, such as ``user_id.email``."""

    @property
    def writable(self) -> bool:
        """Tell whether people may give it in YAML."""
        return not self.server_written and not self.filled

    @property
    def is_email(self) -> bool:
        """Tell whether its values are e-mail addresses: the same in capitals."""
        return self.schema.get("format") == "email"

    @property
    def exported(self) -> bool:
        """Tell whether an export writes its values."""
        return self.writable and not self.sensitive and not self.volatile

    @property
    def private(self) -> bool:
        """Tell whether its values are kept out of plans, logs and messages."""
        return self.pii or self.sensitive


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a natural key: a column, a text inside a JSON column, or a column of a reference.

    ``name->>default`` has ``inside="default"``; ``user_id.email`` has ``through="email"``;
    a trailing ``?`` (``parent_id?``) means that null is a value like any other;
    ``type=note|memo`` has ``values``, which all count as the first of them.
    """

    column: str
    inside: str | None = None
    through: str | None = None
    optional: bool = False
    values: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "KeyPart":
        """Read one entry of ``x-natural-key``."""
        text, _, values = text.partition("=")
        text, optional = text.removesuffix("?"), text.endswith("?")
        column, _, inside = text.partition("->>")
        column, _, through = column.partition(".")
        some = tuple(values.split("|")) if values else ()
        return cls(column, inside or None, through or None, optional, some)

    def __str__(self) -> str:
        tail = f"->>{self.inside}" if self.inside else f".{self.through}" if self.through else ""
        return self.column + tail


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """A consent that a verb needs.

    Only when one of ``columns`` changes (none named: always), and not when the row has the
    values in ``unless``.
    """

    name: str
    columns: tuple[str, ...]
    unless: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource of the API, named by its path."""

    name: str
    title: str
    description: str
    area: str
    columns: Mapping[str, Column]
    verbs: Mapping[Verb, Evidence]
    primary_key: tuple[str, ...]
    natural_keys: tuple[tuple[KeyPart, ...], ...]
    label: tuple[KeyPart, ...]
    is_link: bool
    server_chooses_id: bool
    version: str | None
    soft_delete: str | None
    unique: tuple[tuple[str, ...], ...]
    inputs: Mapping[str, Column]
    create_action: str | None
    create_columns: tuple[str, ...]
    delete_action: str | None
    cascades: tuple[str, ...]
    consents: Mapping[Verb, tuple[ConsentRule, ...]]

    @property
    def id_column(self) -> str:
        """The column that identifies a row: ``id`` where there is one, else the primary key."""
        return "id" if "id" in self.columns else self.primary_key[0]

    @property
    def natural_key(self) -> tuple[KeyPart, ...]:
        """The first of the natural keys, which of a link is its pair; empty where there is none."""
        return self.natural_keys[0] if self.natural_keys else ()

    @property
    def can_list(self) -> bool:
        """Tell whether rows can be read; a guess is not relied upon."""
        return self.verbs.get("list", "inferred") != "inferred"

    @property
    def in_yaml(self) -> bool:
        """Tell whether people may write this kind in YAML."""
        return "create" in self.verbs or "update" in self.verbs

    @property
    def filled(self) -> str | None:
        """The column that the tool fills with the organization's id."""
        return next((c.name for c in self.columns.values() if c.filled), None)

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that reference another kind."""
        return tuple(c for c in self.columns.values() if c.reference)

    @property
    def lock_columns(self) -> tuple[Column, ...]:
        """The columns whose old values lock a row: the version, else all that people may write."""
        if self.version:
            return (self.columns[self.version],)
        return tuple(
            c
            for c in self.columns.values()
            if not (c.server_written or c.sensitive or c.unconfirmed or c.volatile)
        )

    def unconfirmed(self, verb: Verb) -> bool:
        """Tell whether a verb is planned on weak evidence."""
        return self.verbs.get(verb) in UNCONFIRMED


def schema_folder() -> Path:
    """Find the schemas: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Read all kinds from their schemas, by name."""
    files = sorted((schema_folder() / "kinds").glob("*.schema.json"))
    kinds = (parse_kind(orjson.loads(file.read_bytes())) for file in files)
    return {kind.name: kind for kind in kinds}


def tenant_of(kinds: Mapping[str, Kind]) -> Kind:
    """Find the kind of the organization: what the columns that the tool fills point to."""
    targets = (
        column.reference.kind
        for kind in kinds.values()
        for column in kind.references
        if column.filled and column.reference
    )
    return kinds[next(targets)]


def parse_kind(schema: Mapping[str, JSON]) -> Kind:
    """Turn one kind's schema into a value."""
    create = cast("dict[str, JSON]", schema.get("x-create", {}))
    delete = cast("dict[str, JSON]", schema.get("x-delete", {}))
    columns = cast("dict[str, dict[str, JSON]]", schema["properties"])
    inputs = cast("dict[str, dict[str, JSON]]", create.get("inputs", {}))
    return Kind(
        name=cast("str", schema["x-kind"]),
        title=cast("str", schema["title"]),
        description=cast("str", schema["description"]),
        area=cast("str", schema["x-area"]),
        columns={name: _column(name, spec) for name, spec in columns.items()},
        verbs=cast("dict[Verb, Evidence]", schema["x-verbs"]),
        primary_key=_names(schema["x-primary-key"]),
        natural_keys=_natural_keys(schema.get("x-natural-key", [])),
        label=tuple(KeyPart.parse(part) for part in _names(schema.get("x-label", []))),
        is_link=bool(schema.get("x-link")),
        server_chooses_id=schema.get("x-id") == "server",
        version=cast("str | None", schema.get("x-version")),
        soft_delete=cast("str | None", schema.get("x-soft-delete")),
        unique=tuple(_names(key) for key in cast("list[JSON]", schema.get("x-unique", []))),
        inputs={name: _column(name, spec) for name, spec in inputs.items()},
        create_action=cast("str | None", create.get("action")),
        create_columns=_names(create.get("columns", [])),
        delete_action=cast("str | None", delete.get("action")),
        cascades=_names(delete.get("cascades", [])),
        consents={
            verb: tuple(map(_consent, rules))
            for verb, rules in cast(
                "dict[Verb, list[dict[str, JSON]]]", schema.get("x-consents", {})
            ).items()
        },
    )


def _natural_keys(value: JSON) -> tuple[tuple[KeyPart, ...], ...]:
    """Read one key, a list of parts, or a list of keys."""
    keys = cast("list[JSON]", value)
    if keys and isinstance(keys[0], str):
        keys = [keys]
    return tuple(tuple(map(KeyPart.parse, _names(key))) for key in keys)


def _column(name: str, spec: Mapping[str, JSON]) -> Column:
    types = spec.get("type", [])
    places = cast("list[dict[str, str]]", spec.get("x-json-references", []))
    reference = spec.get("x-references")
    return Column(
        name=name,
        type=cast("ColumnType", spec["x-type"]),
        schema={key: value for key, value in spec.items() if not key.startswith("x-")},
        description=cast("str", spec["description"]),
        nullable=isinstance(types, list) and "null" in types,
        has_default="default" in spec or "x-default-sql" in spec,
        server_written=bool(spec.get("readOnly")),
        required_on_create=bool(spec.get("x-required-on-create")),
        pii=bool(spec.get("x-pii")),
        sensitive=bool(spec.get("x-sensitive")),
        unconfirmed=bool(spec.get("x-unconfirmed")),
        filled=spec.get("x-filled") == "organization",
        zone=spec.get("x-format") == "time-zone",
        volatile=bool(spec.get("x-volatile")),
        reference=Target.parse(reference) if isinstance(reference, str) else None,
        places=tuple(Place(p["path"], Target.parse(p["references"])) for p in places),
        interim=bool(spec.get("x-interim")) and not (spec.get("x-pii") or spec.get("x-sensitive")),
        stands_for=cast("str | None", spec.get("x-column")),
    )


def _consent(rule: Mapping[str, JSON]) -> ConsentRule:
    return ConsentRule(
        name=cast("str", rule["name"]),
        columns=_names(rule.get("columns", [])),
        unless=cast("dict[str, JSON]", rule.get("unless", {})),
    )


def _names(value: JSON) -> tuple[str, ...]:
    return tuple(cast("list[str]", value))
