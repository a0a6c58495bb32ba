"""Circles of references: such resources could be created in no order at all.

    services.a --parent_id--> services.b --parent_id--> services.a

Resources that hang together by cycles (strongly connected ones) are found by Tarjan's way of
walking, each group is reported once, by a shortest cycle through its first resource.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from ...catalogue import Kind
from ...values.address import Address
from ..load.problems import ProblemReport
from ..resource import KeyReference, Resource, references

_LONGEST_PATH = 12

Graph = Mapping[Address, Mapping[Address, str]]
"""For each resource those that it refers to, with the column that does."""


def report_cycles(
    resources: Mapping[Address, Resource], kinds: Mapping[str, Kind], report: ProblemReport
) -> None:
    """Report every group of resources that refer to each other in a cycle, once."""
    graph = _graph(resources, kinds)
    for group in _groups(graph):
        start = min(group)
        _report(_circle(start, set(group), graph), graph, resources, report)


def _graph(resources: Mapping[Address, Resource], kinds: Mapping[str, Kind]) -> Graph:
    referring = {
        kind.name: [c.name for c in kind.columns.values() if c.reference or c.places]
        for kind in kinds.values()
    }
    circular = _circular(kinds)
    graph: dict[Address, dict[Address, str]] = {}
    for resource in resources.values():
        # What shall not exist is not created, so its references set no order of creation.
        if resource.absent or resource.address.kind not in circular:
            continue
        edges = dict(_edges(resource, referring[resource.address.kind]))
        if edges:
            graph[resource.address] = edges
    return graph


def _circular(kinds: Mapping[str, Kind]) -> frozenset[str]:
    """Name the kinds whose references can lead back to them: others are in no cycle."""
    targets = {kind.name: set(_targets(kind)) for kind in kinds.values()}
    return frozenset(name for name in targets if name in _reached(name, targets))


def _targets(kind: Kind) -> Iterator[str]:
    for column in kind.columns.values():
        if column.reference:
            yield column.reference.kind
        yield from (place.target.kind for place in column.places)


def _reached(name: str, targets: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        new = targets.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def _edges(resource: Resource, columns: list[str]) -> Iterator[tuple[Address, str]]:
    for column in columns:
        for reference in references(resource.values.get(column)):
            if isinstance(reference, KeyReference):
                yield reference.address, column


class _Visit(NamedTuple):
    address: Address
    ahead: Iterator[Address]


def _groups(graph: Graph) -> Iterator[list[Address]]:
    """Walk the graph without recursion, since chains of references may be long."""
    number: dict[Address, int] = {}
    lowest: dict[Address, int] = {}
    waiting: dict[Address, None] = {}
    for root in graph:
        if root in number:
            continue
        visits = [_enter(root, graph, number, lowest, waiting)]
        while visits:
            here, ahead = visits[-1]
            target = next(ahead, None)
            if target is None:
                visits.pop()
                if visits:
                    above = visits[-1].address
                    lowest[above] = min(lowest[above], lowest[here])
                if lowest[here] == number[here]:
                    group = _leave(here, waiting)
                    if len(group) > 1 or here in graph[here]:
                        yield group
            elif target in waiting:
                lowest[here] = min(lowest[here], number[target])
            elif target in graph and target not in number:
                visits.append(_enter(target, graph, number, lowest, waiting))


def _enter(
    address: Address,
    graph: Graph,
    number: dict[Address, int],
    lowest: dict[Address, int],
    waiting: dict[Address, None],
) -> _Visit:
    number[address] = lowest[address] = len(number)
    waiting[address] = None
    return _Visit(address, iter(graph[address]))


def _leave(address: Address, waiting: dict[Address, None]) -> list[Address]:
    group = []
    while address in waiting:
        group.append(waiting.popitem()[0])
    return group


def _circle(start: Address, group: set[Address], graph: Graph) -> list[Address]:
    """Find a shortest way from a resource back to itself."""
    came_from: dict[Address, Address] = {}
    queue = deque([start])
    while start not in came_from:
        here = queue.popleft()
        for target in graph[here]:
            if target in group and target not in came_from:
                came_from[target] = here
                queue.append(target)
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]


def _report(
    cycle: list[Address], graph: Graph, resources: Mapping[Address, Resource], report: ProblemReport
) -> None:
    pairs = list(pairwise(cycle))
    places = [resources[one].place(graph[one][target]) for one, target in pairs]
    steps = [
        f"{address} ({place.file}:{place.line})"
        for (address, _), place in zip(pairs, places, strict=True)
    ]
    if len(steps) > _LONGEST_PATH:
        half = _LONGEST_PATH // 2
        steps[half:-half] = [f"… {len(steps) - _LONGEST_PATH} more …"]
    report.error(
        "reference-cycle",
        f"references are in a cycle: {' → '.join([*steps, str(cycle[0])])}",
        places[0],
        address=str(cycle[0]),
        hint="take one of these references out",
        others=tuple(places[1:_LONGEST_PATH]),
    )
