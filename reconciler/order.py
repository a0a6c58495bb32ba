"""Put changes into levels: what stands in one level may run at the same time.

::

    creates and updates, referenced first      deletes, dependents first
    contacts.jane   bookings.summer            contact_bookings[…]
          |               |                        |         |
    contact_bookings.jane--summer              bookings[…] contacts[…]

All deletes come after all creates and updates.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from .change import Action, Change
from .errors import PlanError, Problem
from .kind import Kind

Node = TypeVar("Node", bound=Hashable)
Levels = tuple[tuple[Change, ...], ...]


def order(changes: Iterable[Change], kinds: Mapping[str, Kind]) -> Levels:
    """Order changes; raises PlanError where live rows to be deleted reference each other round."""
    pending = [c for c in changes if c.action is not Action.NO_OP]
    deletes = [c for c in pending if c.action is Action.DELETE]
    others = [c for c in pending if c.action is not Action.DELETE]
    return (*_upward(others), *_downward(deletes, kinds))


def rows_referenced(change: Change, kinds: Mapping[str, Kind]) -> frozenset[tuple[str, str]]:
    """Name the rows, as (kind, id), that the live row of a change references."""
    row = change.row or {}
    return frozenset(
        (column.reference.kind, str(row[column.name]))
        for column in kinds[change.kind].references
        if column.reference and row.get(column.name)
    )


def with_holders(
    changes: Iterable[Change], holders: Mapping[tuple[str, str], frozenset[tuple[str, str]]]
) -> tuple[Change, ...]:
    """Add to each delete the rows that will still reference its row when the plan is done.

    ``holders`` are the live rows that reference a row; those that the plan deletes too, or moves
    away from it, do not count.
    """
    changes = tuple(changes)
    deleted = {(c.kind, str(c.id)) for c in changes if c.action is Action.DELETE}
    moved = {
        ((c.kind, str(c.id)), difference.before)
        for c in changes
        for difference in c.columns.values()
        if isinstance(difference.before, str)
    }
    return tuple(
        replace(change, held_by=frozenset(_staying(change, holders, deleted, moved)))
        if change.action is Action.DELETE
        else change
        for change in changes
    )


def _staying(
    change: Change,
    holders: Mapping[tuple[str, str], frozenset[tuple[str, str]]],
    deleted: set[tuple[str, str]],
    moved: set[tuple[tuple[str, str], str]],
) -> Iterable[tuple[str, str]]:
    for holder in holders.get((change.kind, str(change.id)), frozenset()):
        if holder not in deleted and (holder, str(change.id)) not in moved:
            yield holder


def _upward(changes: list[Change]) -> Levels:
    by_address = {change.address: change for change in changes if change.address}
    created = {address for address, c in by_address.items() if c.action is Action.CREATE}
    graph = {
        address: [need for need in change.needs if need in created and need != address]
        for address, change in by_address.items()
    }
    return tuple(tuple(by_address[a] for a in sorted(level)) for level in _levels(graph))


def _downward(deletes: list[Change], kinds: Mapping[str, Kind]) -> Levels:
    by_row = {(c.kind, str(c.id)): c for c in deletes}
    graph: dict[tuple[str, str], set[tuple[str, str]]] = {row: set() for row in by_row}
    for row, change in by_row.items():
        for target in rows_referenced(change, kinds):
            if target in by_row and target != row:
                graph[target].add(row)
    try:
        return tuple(tuple(by_row[row] for row in sorted(level)) for level in _levels(graph))
    except CycleError as error:
        rows = " → ".join(f"{kind}[{row_id}]" for kind, row_id in error.args[1])
        problem = Problem(
            "delete-cycle",
            f"rows to be deleted reference each other: {rows}",
            hint="clear one of the references first",
        )
        raise PlanError((problem,)) from error


def _levels(graph: Mapping[Node, Iterable[Node]]) -> Iterable[list[Node]]:
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    while sorter.is_active():
        level = list(sorter.get_ready())
        yield level
        sorter.done(*level)
