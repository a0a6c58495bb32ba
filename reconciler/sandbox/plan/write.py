"""What shall be written: which columns, which rows, and what becomes of rows that are there."""

from collections.abc import Collection
from dataclasses import dataclass

from ..payload import Payload
from ..preferences import Preferences, Resolution
from ..query import Compare, Condition, Order, Query
from ..ranges import ALL, Range
from ..refusal import Refusal
from ..schema import Table
from .read import Read


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a table; ``returned`` are the columns that it gives back."""

    table: Table
    columns: tuple[str, ...] = ()
    body: str = ""
    defaults: bool = False
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    window: Range = ALL
    conflict: tuple[str, ...] = ()
    resolution: Resolution | None = None
    returned: tuple[str, ...] = ()


def plan_write(
    method: str,
    read: Read,
    query: Query,
    payload: Payload | None,
    wanted: Preferences,
    window: Range = ALL,
) -> Write:
    """Plan a write; raise a Refusal for unknown columns or, for PUT, for other filters."""
    table = read.table
    returned = () if wanted.representation == "minimal" else returned_columns(read)
    if method == "PUT":
        _check_put(table, query)
    columns = written_columns(table, payload.keys) if payload else ()
    body = payload.text if payload else ""
    where = (*query.root_filters, *(tree for _, tree in query.logic))
    defaults = wanted.missing == "default" and method != "PUT"
    if method == "POST":
        conflict = table.primary_key if query.on_conflict is None else query.on_conflict
        return Write(
            table, columns, body, defaults, (), (), ALL, conflict, wanted.resolution, returned
        )
    if method == "PUT":
        key = table.primary_key
        return Write(table, columns, body, False, where, (), ALL, key, "merge-duplicates", returned)
    order = next((terms for path, terms in query.order if not path), ())
    return Write(table, columns, body, defaults, where, order, window, returned=returned)


def written_columns(table: Table, keys: Collection[str]) -> tuple[str, ...]:
    """Sort and look up the columns that a body gives; raise a Refusal with code PGRST204."""
    for key in sorted(keys):
        if key not in table.columns:
            message = f"Column '{key}' of relation '{table.name}' does not exist"
            raise Refusal(400, "PGRST204", message)
    return tuple(sorted(keys))


def returned_columns(read: Read) -> tuple[str, ...]:
    """Name what a write gives back so that it can be read from; ``*`` is all."""
    names = {item.field.name for item in read.shown}
    if "*" in names:
        return ("*",)
    related = {child.relation.column for child in read.children}
    return tuple(sorted(names | related | set(read.table.primary_key)))


def _check_put(table: Table, query: Query) -> None:
    named = {one.field.name for path, one in query.filters if not path and not one.field.steps}
    plain = all(
        not one.negated
        and isinstance(one.operation, Compare)
        and (one.operation.operator, one.operation.quantifier) == ("eq", None)
        for one in query.root_filters
    )
    if query.logic or named != set(table.primary_key) or not plain:
        raise Refusal(
            405,
            "PGRST105",
            "Filters must include all and only primary key columns with 'eq' operators",
        )
