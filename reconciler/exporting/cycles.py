"""References that close a cycle: written as ids, since keys in a cycle are refused.

A walk that goes deep first finds them: they lead back to a row that the walk has not left yet.
In a folder where some references are written already, any that is written anew may close one.
"""

from collections.abc import Iterator, Mapping

from ..catalogue import Kind
from ..values.column import Column
from ..values.sent import rows_in
from .spool import Spool

Point = tuple[str, str]
"""A row: its kind and id."""


def closing(spool: Spool, kinds: Mapping[str, Kind]) -> frozenset[tuple[Point, Point]]:
    """Find a set of references without which there is no cycle, as (row, row referenced)."""
    graph = _graph(spool, kinds)
    found: set[tuple[Point, Point]] = set()
    left: set[Point] = set()
    for root in graph:
        path: dict[Point, Iterator[Point]] = {}
        if root not in left:
            path[root] = iter(graph[root])
        while path:
            here, ahead = next(reversed(path.items()))
            target = next(ahead, None)
            if target is None:
                left.add(here)
                del path[here]
            elif target in path:
                found.add((here, target))
            elif target in graph and target not in left:
                path[target] = iter(graph[target])
    return frozenset(found)


def cycles(spool: Spool, kinds: Mapping[str, Kind]) -> frozenset[tuple[Point, Point]]:
    """Find the references that are part of a cycle or lead from one to another.

    Each is (row, row referenced).
    """
    found = {(here, there) for here, targets in _graph(spool, kinds).items() for there in targets}
    while True:
        begins, ends = {here for here, _ in found}, {there for _, there in found}
        inner = {(here, there) for here, there in found if here in ends and there in begins}
        if len(inner) == len(found):
            return frozenset(found)
        found = inner


def _graph(spool: Spool, kinds: Mapping[str, Kind]) -> dict[Point, tuple[Point, ...]]:
    """Give the references of the rows whose kinds can be in a cycle at all."""
    in_cycle = {name for name in spool.ids if name in _reachable(name, kinds)}
    graph: dict[Point, tuple[Point, ...]] = {}
    for name in sorted(in_cycle):
        columns = [c for c in kinds[name].columns.values() if _targets(c) & in_cycle]
        for row in spool.rows(name):
            targets = tuple(
                (kind, row_id.lower())
                for column in columns
                for kind, row_id in rows_in(column, row.get(column.name))
                if kind in in_cycle and spool.has(kind, row_id.lower())
            )
            if targets:
                graph[name, str(row[kinds[name].id_column])] = targets
    return graph


def _reachable(name: str, kinds: Mapping[str, Kind]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        kind = kinds.get(waiting.pop())
        targets = {
            t for column in (kind.columns.values() if kind else ()) for t in _targets(column)
        }
        waiting += targets - reached
        reached |= targets
    return reached


def _targets(column: Column) -> set[str]:
    if not column.writable:
        return set()
    places = {place.target.kind for place in column.places}
    return places | ({column.reference.kind} if column.reference else set())
