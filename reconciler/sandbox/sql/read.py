"""Statements that read: a list, and the count of all its rows."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from ..plan.read import Child, Read
from ..tables import identifier
from .conditions import combined, condition_of
from .select import Within, child_source, outputs_of, select_of
from .shape import ROWS, Shape, body_of
from .statement import SOURCE, Parameters, Statement, name_of


def read_statement(
    read: Read, shape: Shape, *, count: bool, at_most: int | None = None
) -> Statement:
    """Write a list, and beside it the count of all its rows (stopping at ``at_most``)."""
    values = Parameters()
    rows = select_of(read, _source(read), values)
    total, counted = "null::bigint", ""
    if count:
        limit = "" if at_most is None else f" limit {at_most}"
        counted = f", pgrst_source_count as ({_counted(read, values)}{limit})"
        total = "(select count(*) from pgrst_source_count)"
    outputs = outputs_of(read)
    header = [output.key for output in outputs.values]
    return values.statement(
        f"with {SOURCE} as ({rows}){counted}"
        f" select {total}, count({ROWS}), null::text, {body_of(shape, outputs, header, values)}"
        f" from (select * from {SOURCE}) {ROWS}"
    )


def count_statement(read: Read) -> Statement:
    """Write the question how many rows PostgreSQL expects."""
    values = Parameters()
    return values.statement(f"explain (format json) {_counted(read, values)}")


def _source(read: Read) -> str:
    return f"{name_of(read.table)} as {identifier(read.label)}"


def _counted(read: Read, values: Parameters) -> str:
    conditions = _conditions(read, values)
    return f"select 1 from {_source(read)}{combined(conditions)}"


def _conditions(read: Read, values: Parameters) -> list[str]:
    """Write the conditions that the root's rows are counted by; inner joins become exists."""
    name = identifier(read.label)
    own = [condition_of(name, one, values) for one in read.where]
    return own + [
        f"exists ({_existing(read, child, values)})"
        for child in read.children
        if child.join == "inner"
    ]


def _existing(read: Read, child: Child, values: Parameters) -> str:
    within = Within(identifier(read.label), child)
    conditions = _conditions(child.read, values) + within.conditions
    return f"select 1 from {child_source(child)}{within.source}{combined(conditions)}"
