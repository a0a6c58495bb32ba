"""What shall be read: rows of a table, and in each of them rows of related tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..query import Condition, Field, Filter, Join, Logic, Order, SelectField
from ..ranges import ALL, Range
from ..relations import Relation
from ..schema import Table
from ..tables import cut

EVERY_COLUMN = (SelectField(Field("*")),)


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of one table: what of them, which of them, and in which order.

    ``label`` is the table's name in this place, in SQL and in error texts.
    """

    table: Table
    label: str
    fields: tuple[SelectField, ...]
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    window: Range = ALL
    children: "tuple[Child, ...]" = ()

    @property
    def shown(self) -> tuple[SelectField, ...]:
        """The fields; where nothing at all is selected, every column."""
        return self.fields if self.fields or self.children else EVERY_COLUMN

    def counts(self, field: Field) -> bool:
        """Tell whether a field is the number of rows: PostgreSQL reads ``t.count`` as a call."""
        return field == Field("count") and "count" not in self.table.columns

    def child(self, name: str) -> "Child | None":
        """Find an embedded kind by the name it is shown with."""
        return next((one for one in self.children if one.key == name), None)

    def every(self) -> "Iterator[Read]":
        """Walk through this and everything embedded."""
        yield self
        for child in self.children:
            yield from child.read.every()


@dataclass(frozen=True, slots=True)
class Child:
    """An embedded kind. ``number`` tells it from all others of the request."""

    read: Read
    relation: Relation
    depth: int
    number: int
    name: str
    alias: str | None
    join: Join | None
    spread: bool

    @property
    def key(self) -> str:
        """The name it is shown with."""
        return self.name if self.alias is None else self.alias

    @property
    def internal(self) -> str:
        """The name that PostgREST has for it in SQL, and so in error texts."""
        return cut(f"{self.relation.table}_{self.key}_{self.depth}")

    @property
    def is_hidden(self) -> bool:
        """Tell whether nothing of it is selected: it only joins."""
        return not self.read.fields and not self.read.children


def fields_of(conditions: tuple[Condition, ...]) -> Iterator[Field]:
    """List the fields that conditions ask about."""
    for condition in conditions:
        if isinstance(condition, Filter):
            yield condition.field
        if isinstance(condition, Logic):
            yield from fields_of(condition.children)


def tests_embedded(conditions: tuple[Condition, ...]) -> Iterator[str]:
    """List the embedded kinds that conditions ask about."""
    for condition in conditions:
        if isinstance(condition, Logic):
            yield from tests_embedded(condition.children)
        elif not isinstance(condition, Filter):
            yield condition.name
