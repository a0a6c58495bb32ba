"""What a request asks for, as frozen values: the tree between the grammar and the SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .ranges import Range

Arrow = Literal["->", "->>"]
Quantifier = Literal["any", "all"]
Truth = Literal["null", "true", "false", "unknown"]
Join = Literal["left", "inner"]
Direction = Literal["asc", "desc"]
Nulls = Literal["nullsfirst", "nullslast"]

Path: TypeAlias = tuple[str, ...]
"""Names of embedded kinds from the root down to where something applies; empty at the root."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a JSON value: a key, or the signed text of an index such as ``+0``."""

    arrow: Arrow
    key: str
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a place inside it."""

    name: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Compare:
    """``eq.1``, ``like(any).{a,b}``: an operator with one value."""

    operator: str
    value: str
    quantifier: Quantifier | None = None


@dataclass(frozen=True, slots=True)
class Is:
    """``is.null``."""

    value: Truth


@dataclass(frozen=True, slots=True)
class In:
    """``in.(a,b)``."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsDistinct:
    """``isdistinct.1``."""

    value: str


@dataclass(frozen=True, slots=True)
class Search:
    """``fts(english).cat``: a full-text search."""

    operator: str
    language: str | None
    value: str


Operation: TypeAlias = Compare | Is | In | IsDistinct | Search


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on one field."""

    field: Field
    negated: bool
    operation: Operation


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by ``and`` or ``or``."""

    negated: bool
    operator: Literal["and", "or"]
    children: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Embedded:
    """Whether rows of an embedded kind were found: what a null test on its name means."""

    name: str
    negated: bool


Condition: TypeAlias = Filter | Logic | Embedded


@dataclass(frozen=True, slots=True)
class Order:
    """One sort term; ``relation`` sorts by a column of an embedded kind."""

    field: Field
    direction: Direction | None
    nulls: Nulls | None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class SelectField:
    """``alias:name->path::cast``; the name ``*`` is every column."""

    field: Field
    cast: str | None = None
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class SelectRelation:
    """``alias:name!hint!inner(children)``; ``spread`` is for ``...name(children)``."""

    name: str
    alias: str | None
    hint: str | None
    join: Join | None
    children: "tuple[SelectItem, ...]"
    spread: bool = False


SelectItem: TypeAlias = SelectField | SelectRelation


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query string."""

    select: tuple[SelectItem, ...] = (SelectField(Field("*")),)
    filters: tuple[tuple[Path, Filter], ...] = ()
    logic: tuple[tuple[Path, Condition], ...] = ()
    order: tuple[tuple[Path, tuple[Order, ...]], ...] = ()
    windows: Mapping[Path, Range] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    on_conflict: tuple[str, ...] | None = None

    @property
    def root_filters(self) -> tuple[Filter, ...]:
        """The filters on the kind itself."""
        return tuple(one for path, one in self.filters if not path)
