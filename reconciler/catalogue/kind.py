"""What the schemas say about a kind, as values. A kind is data: nothing here knows one by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..values.column import JSON, Column
from ..values.sent import Row
from .calendar import Part
from .rules import Inside, Relation
from .shape import Evidence, Verb

UNCONFIRMED: frozenset[Evidence] = frozenset({"documented-2024", "inferred"})


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
    first: tuple[str, ...]
    """The columns that people read first, in their order."""
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
    initial: Mapping[str, JSON] | None = None
    """The values of rows that an organization has from its beginning; empty: all rows."""
    relations: tuple[Relation, ...] = ()
    """Rules about several columns."""
    insides: tuple[Inside, ...] = ()
    """Rules about what columns hold inside."""
    calendar: Part | None = None
    """What its rows are to a calendar of prices."""
    required: tuple[str, ...] = field(init=False)
    """The columns and inputs without which no row is created."""
    holding_ids: tuple[Column, ...] = field(init=False)
    """The columns that hold ids of rows, or may hold some inside."""

    def __post_init__(self) -> None:
        """Find once what is asked for every resource, and for every row."""
        columns = self.all_columns.values()
        names = tuple(c.name for c in columns if c.required_on_create and c.writable)
        holding = tuple(c for c in self.columns.values() if c.reference or c.places)
        object.__setattr__(self, "required", names)
        object.__setattr__(self, "holding_ids", holding)

    @property
    def in_order(self) -> tuple[str, ...]:
        """Name the columns and inputs as YAML gives them: what says which row it is, first.

        The pair of a link; what the schema puts first; label and natural key; what a create
        needs; other values; other references; at last the mark of
        deleted rows and what is unconfirmed.
        """
        known = [part.column for part in (*self.label, *self.natural_key)]
        last = {self.soft_delete, *(c.name for c in self.columns.values() if c.unconfirmed)}
        others = [c for c in self.columns.values() if not c.reference and c.name not in last]
        return tuple(
            dict.fromkeys(
                (
                    *(known if self.is_link else ()),
                    *self.first,
                    *known,
                    *(name for name in self.required if name in self.columns),
                    *(column.name for column in others),
                    *(column.name for column in self.references if column.name not in last),
                    *self.columns,
                    *self.inputs,
                )
            )
        )

    @property
    def all_columns(self) -> Mapping[str, Column]:
        """Columns and inputs by name; an input takes the place of what it stands for."""
        return {**self.columns, **self.inputs}

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


def is_initial(kind: Kind, row: Row) -> bool:
    """Tell whether an organization has a row from its beginning, such as its owner."""
    given = kind.initial
    return given is not None and all(row.get(name) == value for name, value in given.items())


def is_deleted(kind: Kind, row: Row) -> bool:
    """Tell whether a row is there but marked as deleted."""
    return kind.soft_delete is not None and row.get(kind.soft_delete) is not None
