"""Boxes that stand for many resources: what belongs together is one, so that all can be looked at.

What refers to one resource of a kind, and to no other of that kind, directly or not, belongs to it:
the prices of a house, its capacities, the services that it offers. What several of them refer to
stands alone. Which kind takes the others in follows from the references alone: the one under which
most resources find a place. What is left of a kind is one box where it is more than a few.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from ...diagnostics.words import count
from .model import Edge, Graph, Node

MOST_NODES = 80
MOST_EDGES = 400
FEW = 8
WORTH = 3
"""A resource with what belongs to it is at least so many on average, for groups to be worth it."""
MANY = ""
"""Stands for the owner of what belongs to several, which is nobody's."""


class By(StrEnum):
    """What a box is."""

    RESOURCE = "resource"
    GROUP = "group"
    KIND = "kind"


class Groups(NamedTuple):
    """The group of each resource that is in one; ``kind`` is that of the resources they belong to.

    A group is named as the resource that it belongs to, or as the kind that it is the rest of.
    """

    kind: str
    of: Mapping[str, str]


def groups_of(graph: Graph) -> Groups:
    """Find the kind that takes most others in, and what belongs to each resource of it."""
    backward = _backward(graph)
    members: dict[str, list[str]] = {}
    for name, node in graph.nodes.items():
        members.setdefault(node.kind, []).append(name)
    best = Groups("", {})
    for kind, names in members.items():
        if len(names) > 1 and any(name in backward for name in names):
            found = _owned(names, backward)
            if len(found) - len(names) > len(best.of):
                best = Groups(kind, found)
    left = {
        name: kind
        for kind, names in members.items()
        if len(rest := [name for name in names if name not in best.of]) > FEW
        for name in rest
    }
    return Groups(best.kind, {**best.of, **left})


def fitting(graph: Graph, most: int = MOST_NODES) -> By:
    """Choose what boxes are, so that they are few enough to be looked at."""
    if len(graph.nodes) <= most and len(graph.edges) <= MOST_EDGES:
        return By.RESOURCE
    drawn = of_groups(graph)
    fits = len(drawn.nodes) <= MOST_NODES and len(drawn.edges) <= MOST_EDGES
    return By.GROUP if fits and _is_folded_well(graph) else By.KIND


def _is_folded_well(graph: Graph) -> bool:
    """Tell whether those that take others in take in some each, and do not stand there alone."""
    taken = Counter(owner for owner in groups_of(graph).of.values() if owner in graph.nodes)
    return bool(taken) and taken.total() >= WORTH * len(taken)


def folded(graph: Graph, by: By) -> Graph:
    """Draw resources, groups, or kinds."""
    if by is By.RESOURCE:
        return graph
    return of_groups(graph) if by is By.GROUP else of_kinds(graph)


def of_kinds(graph: Graph) -> Graph:
    """Draw each kind as one node that says how many resources it stands for."""
    return _merged(graph, {name: node.kind for name, node in graph.nodes.items()})


def of_groups(graph: Graph) -> Graph:
    """Draw each resource with what belongs to it as one node, and what is left of a kind."""
    return _merged(graph, groups_of(graph).of)


def _merged(graph: Graph, groups: Mapping[str, str]) -> Graph:
    """Draw each group as one node; what is in none stays."""
    whole = set(groups.values())
    members: dict[str, list[Node]] = {}
    for name, node in graph.nodes.items():
        members.setdefault(groups.get(name, name), []).append(node)
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        source, target = (groups.get(end, end) for end in (edge.source, edge.target))
        if source != target or source not in graph.nodes:
            between.setdefault((source, target), []).append(edge)
    nodes = {
        name: _whole(name, graph.nodes.get(name), found) if name in whole else found[0]
        for name, found in members.items()
    }
    edges = (
        Edge(*pair, f"{len(found):,}" if whole & {*pair} else found[0].label)
        for pair, found in between.items()
    )
    return Graph(nodes, tuple(edges))


def _whole(name: str, owner: Node | None, members: list[Node]) -> Node:
    actions = Counter(node.action for node in members)
    changed = [f"{number:,} to {action}" for action, number in actions.items() if action]
    if changed and actions[""]:
        changed.append(f"{actions['']:,} unchanged")
    told = ", ".join(changed)
    if owner is None:
        return Node(name, name, f"{name}: {told or count(len(members), 'resource')}")
    if len(members) == 1:
        return owner
    return owner._replace(
        label=f"{owner.label}: {told}" if told else f"{owner.label} + {len(members) - 1:,}"
    )


def _backward(graph: Graph) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in graph.edges:
        found.setdefault(edge.target, []).append(edge.source)
    return found


def _owned(owners: Iterable[str], backward: Mapping[str, list[str]]) -> dict[str, str]:
    """Find what reaches one of the owners and no other; each of them is its own."""
    owner = {name: name for name in owners}
    for one in tuple(owner):
        waiting = [one]
        seen = {one}
        while waiting:
            for source in backward.get(waiting.pop(), ()):
                known = owner.get(source)
                if source in seen or known in (source, MANY):
                    continue
                seen.add(source)
                owner[source] = one if known is None else MANY
                waiting.append(source)
    return {name: found for name, found in owner.items() if found != MANY}
