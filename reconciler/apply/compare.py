"""Compare a row that was read again with what a change saw or wanted."""

from collections.abc import Mapping

from ..canonical import same
from ..change import Change, Row
from ..kind import JSON, Column, Kind


def holds(kind: Kind, row: Row, values: Mapping[str, JSON]) -> bool:
    """Tell whether a row has these values; columns that cannot be read are taken as right."""
    return all(
        _equal(kind.columns[name], row[name], value)
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


def _equal(column: Column, one: JSON, other: JSON) -> bool:
    return same(one, other, column)
