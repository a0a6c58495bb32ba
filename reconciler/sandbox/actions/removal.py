"""Removing rows with everything that references them."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from collections.abc import Iterator

from ..database import Connection
from ..schema import Reference, load_tables, referencing
from ..sql import name_of
from ..tables import identifier


async def remove(connection: Connection, name: str, ids: list[str], *, also_optional: bool) -> None:
    """Delete rows, and first everything that references them.

    A reference that may be empty is emptied, unless ``also_optional`` takes its row too.
    """
    for statement in _removal(name, "id = any ($1)", also_optional=also_optional):
        await connection.execute(statement.encode(), (ids,))


def _removal(
    name: str, chosen: str, seen: tuple[str, ...] = (), *, also_optional: bool
) -> Iterator[str]:
    table = name_of(load_tables()[name])
    for reference in referencing(name):
        if reference.cascades or reference.table in seen:
            continue
        column = identifier(reference.column)
        target = identifier(reference.target_column)
        rows = f"{column} in (select {target} from {table} where {chosen})"
        if also_optional or not _is_optional(reference):
            yield from _removal(reference.table, rows, (*seen, name), also_optional=also_optional)
        else:
            other = name_of(load_tables()[reference.table])
            yield f"update {other} set {column} = null where {rows}"
    yield f"delete from {table} where {chosen}"


def _is_optional(reference: Reference) -> bool:
    return load_tables()[reference.table].columns[reference.column].nullable
