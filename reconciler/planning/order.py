"""Put changes into levels: what stands in one level may run at the same time.

::

    creates and updates, referenced first      deletes, dependents first
    contacts.jane   bookings.summer            contact_bookings[…]
          |               |                        |         |
    contact_bookings.jane--summer              bookings[…] contacts[…]

All deletes come after all creates and updates.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from ..catalogue import Kind
from ..diagnostics import PlanError, Problem
from ..plan.change import Action, Change, Levels, RowName, rows_referenced

Node = TypeVar("Node", bound=Hashable)


def order(changes: Iterable[Change], kinds: Mapping[str, Kind]) -> Levels:
    """Order changes; raises PlanError where rows reference each other round."""
    pending = [c for c in changes if c.action is not Action.NO_OP]
    deletes = [c for c in pending if c.action is Action.DELETE]
    others = [c for c in pending if c.action is not Action.DELETE]
    return (*_upward(others), *_downward(deletes, kinds))


def with_references_to(
    changes: Iterable[Change], references_to: Mapping[RowName, frozenset[RowName]]
) -> tuple[Change, ...]:
    """Add to each delete the rows that will still reference its row when the plan is done.

    ``references_to`` are the live rows that reference a row; those that the plan deletes too, or
    moves away from it, do not count.
    """
    changes = tuple(changes)
    deleted = {(c.kind, str(c.id)) for c in changes if c.action is Action.DELETE}
    moved = {((c.kind, str(c.id)), left) for c in changes for left in _left(c)}
    return tuple(_referenced_by(change, references_to, deleted, moved) for change in changes)


def _referenced_by(
    change: Change,
    references_to: Mapping[RowName, frozenset[RowName]],
    deleted: set[RowName],
    moved: set[tuple[RowName, str]],
) -> Change:
    if change.action is not Action.DELETE:
        return change
    staying = frozenset(_staying(change, references_to, deleted, moved))
    return change if staying == change.referenced_by else replace(change, referenced_by=staying)


def _left(change: Change) -> Iterable[str]:
    """Name the ids (and other texts) that a change takes out of its row."""
    for difference in change.columns.values():
        yield from {*_texts(difference.before)} - {*_texts(difference.after)}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from (str(name), *_texts(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _staying(
    change: Change,
    references_to: Mapping[RowName, frozenset[RowName]],
    deleted: set[RowName],
    moved: set[tuple[RowName, str]],
) -> Iterable[RowName]:
    for referencing in references_to.get((change.kind, str(change.id)), frozenset()):
        if referencing not in deleted and (referencing, str(change.id)) not in moved:
            yield referencing


def _upward(changes: list[Change]) -> Levels:
    by_address = {change.address: change for change in changes if change.address}
    created = {address for address, c in by_address.items() if c.action is Action.CREATE}
    graph = {
        address: [need for need in change.needs if need in created and need != address]
        for address, change in by_address.items()
    }
    try:
        return tuple(tuple(by_address[a] for a in sorted(level)) for level in _levels(graph))
    except CycleError as error:
        problem = Problem(
            "reference-cycle",
            "rows to be created reference each other: " + " → ".join(map(str, error.args[1])),
            position=by_address[error.args[1][0]].position,
            hint="create one of them without the reference first",
        )
        raise PlanError((problem,)) from error


def _downward(deletes: list[Change], kinds: Mapping[str, Kind]) -> Levels:
    by_row = {(c.kind, str(c.id)): c for c in deletes}
    graph: dict[RowName, set[RowName]] = {row: set() for row in by_row}
    for row, change in by_row.items():
        for target in _referenced(change, kinds, by_row):
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


def _referenced(
    change: Change, kinds: Mapping[str, Kind], deleted: Iterable[RowName]
) -> Iterable[RowName]:
    """Name the rows that a row to be deleted references; one that cannot be read may any."""
    kind = kinds[change.kind]
    if kind.can_list:
        return rows_referenced(change, kinds)
    targets = {column.reference.kind for column in kind.references if column.reference}
    return [row for row in deleted if row[0] in targets]


def _levels(graph: Mapping[Node, Collection[Node]]) -> Iterable[list[Node]]:
    """Put nodes into levels; raises CycleError.

    The sorter takes a while, and nearly all nodes are in the first two levels.
    """
    first = [node for node, needs in graph.items() if not needs]
    begun = set(first)
    rest = {node: needs for node, needs in graph.items() if needs}
    second = {node for node, needs in rest.items() if begun.issuperset(needs)}
    if len(begun) + len(second) < len(graph):
        yield from _sorted_levels(graph)
        return
    yield from ([*some] for some in (first, second) if some)


def _sorted_levels(graph: Mapping[Node, Collection[Node]]) -> Iterable[list[Node]]:
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    while sorter.is_active():
        level = list(sorter.get_ready())
        yield level
        sorter.done(*level)
