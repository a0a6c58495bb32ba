"""From a query to what shall be read: every name is looked up, so that SQL has known names only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .query import (
    EVERYTHING,
    Condition,
    Field,
    Filter,
    Logic,
    Order,
    Query,
    SelectField,
    Window,
)
from .refusal import Refusal, missing_column
from .schema import Table

SOURCE = "pgrst_source"
"""The name under which the rows that a write touched are read again; it shows in error texts."""


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of one table: what of them, which of them, and in which order."""

    table: Table
    select: tuple[SelectField, ...]
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    window: Window = EVERYTHING


def plan_read(table: Table, query: Query, window: Window) -> Read:
    """Plan a list of rows; raise a Refusal for names that there are not."""
    where = (*query.root_filters, *(tree for path, tree in query.logic if not path))
    order = tuple(term for path, terms in query.order if not path for term in terms)
    read = Read(table, _select(query), where, order, window)
    _check(table.name, table.columns, read)
    return read


def plan_returned(table: Table, query: Query) -> Read:
    """Plan what a write answers of the rows it touched.

    The filters chose the rows before the write and are not applied again, but logic trees are,
    to the rows as they are now and as far as they are returned: so does PostgREST 11.1.
    """
    where = tuple(tree for path, tree in query.logic if not path)
    read = Read(table, _select(query), where)
    _check(table.name, table.columns, Read(table, read.select))
    returned = returned_columns(read)
    _check(SOURCE, table.columns if "*" in returned else returned, Read(table, (), where))
    return read


def plan_conditions(table: Table, query: Query) -> tuple[Condition, ...]:
    """Choose the conditions of an update or delete."""
    where = (*query.root_filters, *(tree for path, tree in query.logic if not path))
    _check(table.name, table.columns, Read(table, (), where))
    return where


def returned_columns(read: Read) -> tuple[str, ...]:
    """Name the columns that a write has to return; ``*`` is all."""
    names = dict.fromkeys(item.field.name for item in read.select)
    return ("*",) if "*" in names else tuple(names)


def written_columns(table: Table, keys: Collection[str]) -> tuple[str, ...]:
    """Sort and look up the columns that a body gives; raise a Refusal with code PGRST204."""
    for key in sorted(keys):
        if key not in table.columns:
            message = f"Could not find the '{key}' column of '{table.name}' in the schema cache"
            raise Refusal(400, "PGRST204", message)
    return tuple(sorted(keys))


def _select(query: Query) -> tuple[SelectField, ...]:
    items = tuple(item for item in query.select if isinstance(item, SelectField))
    if len(items) < len(query.select) or any(i.alias or i.cast or i.field.steps for i in items):
        raise Refusal(501, "PGRST000", "The sandbox selects plain columns only, so far")
    return items


def _check(name: str, columns: Collection[str] | Mapping[str, object], read: Read) -> None:
    for field in _fields(read):
        if field.name != "*" and field.name not in columns:
            raise missing_column(name, field.name)


def _fields(read: Read) -> Iterator[Field]:
    yield from (item.field for item in read.select)
    for condition in read.where:
        yield from _condition_fields(condition)
    yield from (term.field for term in read.order)


def _condition_fields(condition: Condition) -> Iterator[Field]:
    if isinstance(condition, Filter):
        yield condition.field
    if isinstance(condition, Logic):
        for child in condition.children:
            yield from _condition_fields(child)
