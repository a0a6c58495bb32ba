"""Somebody else, who changes rows between a read and a write."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from ..database import Pool, opened
from ..exchange import Incoming
from ..organizations import Access
from ..parameters import read_query
from ..plan import Write, check_conditions
from ..refusal import Refusal
from ..schema import Table, load_tables
from ..sql import Parameters, name_of, where
from ..tables import identifier
from .othervalues import other_value
from .spec import Fault


async def edit(pool: Pool, incoming: Incoming, access: Access, fault: Fault) -> None:
    """Change the first rows that a request means; one that means none changes nothing."""
    table = load_tables().get(incoming.path)
    if table is None:
        return
    try:
        query = read_query(incoming.query)
        conditions = (*query.root_filters, *(tree for path, tree in query.logic if not path))
        check_conditions(Write(table, where=conditions))
    except Refusal:
        return
    values = Parameters()
    name = name_of(table)
    key = ", ".join(map(identifier, table.primary_key))
    rows = (
        f"select {key} from {name}{where(name, conditions, values)}"
        f" order by {key} limit {values.add(str(fault.edit))}"
    )
    change = _change(table, fault.column)
    statement = values.statement(f"update {name} set {change} where ({key}) in ({rows})")
    async with opened(pool, access.home) as connection:
        await connection.execute(statement.text.encode(), statement.values)


def _change(table: Table, wanted: str | None) -> str:
    """Give a column a new value; without one set the key to itself, for the trigger's sake."""
    column = table.columns.get(wanted or _text_column(table) or "")
    if column is None or column.generated:
        key = identifier(table.primary_key[0])
        return f"{key} = {key}"
    return f"{identifier(column.name)} = {other_value(table, column)}"


def _text_column(table: Table) -> str | None:
    unique = {name for key in (table.primary_key, *table.unique) for name in key}
    return next(
        (
            name
            for name, column in table.columns.items()
            if column.type.form == "text"
            and not column.values
            and name not in unique
            and table.kind.columns[name].writable
            and not table.kind.columns[name].reference
        ),
        None,
    )
