"""Compare a row that was read again with what a change saw or wanted."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..plan.change import Change
from ..values.canonical import same
from ..values.column import JSON
from ..values.sent import Row
from ..values.stored import form_between


def holds(kind: Kind, row: Row, values: Mapping[str, JSON]) -> bool:
    """Tell whether a row has these values; columns that cannot be read are taken as right."""
    return all(
        same(row[name], value, kind.columns[name])
        for name, value in values.items()
        if name in row and not kind.columns[name].volatile
    )


def written(kind: Kind, row: Row, change: Change, values: Mapping[str, JSON]) -> bool:
    """Tell whether a row shows that a change was written, if in a form of the server's own."""
    return all(
        same(row[name], value, column := kind.columns[name])
        or (
            form_between(column, value, row[name]) is not None
            and not same(row[name], change.columns[name].before, column)
        )
        for name, value in values.items()
        if name in row and not kind.columns[name].volatile
    )


def as_planned(kind: Kind, row: Row, change: Change) -> bool:
    """Tell whether the columns that a change is about are still as the plan saw them."""
    return holds(kind, row, {name: d.before for name, d in change.columns.items()})


def unchanged(kind: Kind, row: Row, change: Change) -> bool:
    """Tell whether everything that locks the row is still as the plan saw it."""
    before = change.row or {}
    return holds(kind, row, {c.name: before[c.name] for c in kind.lock_columns if c.name in before})
