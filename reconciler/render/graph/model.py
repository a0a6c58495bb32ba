"""Resources and references as a graph, of a configuration or of a plan."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...configuration.resource import (
    Configuration,
    IdReference,
    KeyReference,
    Lookup,
    Resource,
    references,
)
from ...plan.shape import ChangeDocument, PlanDocument, name_of
from ..words import short


class Node(NamedTuple):
    """A resource, or what :mod:`.folding` makes of several.

    ``action`` is what a plan does to it. ``known`` is False for a row outside the configuration.
    """

    name: str
    kind: str
    label: str
    action: str = ""
    known: bool = True


class Edge(NamedTuple):
    """A reference; ``label`` names the columns that hold it."""

    source: str
    target: str
    label: str = ""


class Graph(NamedTuple):
    """Nodes by name, and the references between them."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]


def graph_of(configuration: Configuration) -> Graph:
    """Draw a configuration: what lookups find is not known, and shown as such."""
    nodes = {
        str(address): Node(str(address), address.kind, str(address))
        for address, resource in configuration.resources.items()
        if not resource.absent
    }
    edges: dict[tuple[str, str], list[str]] = {}
    for resource in configuration.resources.values():
        if resource.absent:
            continue
        for target, column in _targets(resource):
            nodes.setdefault(target.name, target)
            columns = edges.setdefault((str(resource.address), target.name), [])
            columns += [] if column in columns else [column]
    return Graph(nodes, tuple(Edge(*ends, ", ".join(columns)) for ends, columns in edges.items()))


def graph_of_plan(document: PlanDocument) -> Graph:
    """Draw a plan: its changes, and the unchanged resources that they refer to."""
    nodes = {
        name_of(change): Node(
            name_of(change), change["kind"], short(name_of(change)), change["action"]
        )
        for change in document["changes"]
    }
    edges = []
    for change in document["changes"]:
        for target in change["references"]:
            nodes.setdefault(target, Node(target, target.partition(".")[0], target))
            edges.append(Edge(name_of(change), target, ", ".join(_columns_to(change, target))))
    return Graph(nodes, tuple(edges))


def only_kinds(graph: Graph, kinds: Iterable[str]) -> Graph:
    """Keep the resources of some kinds."""
    wanted = set(kinds)
    return _only(graph, {name for name, node in graph.nodes.items() if node.kind in wanted})


def around_node(graph: Graph, name: str) -> Graph:
    """Keep what a resource refers to and what refers to it, from there on in the same direction."""
    onward: dict[str, list[str]] = {}
    backward: dict[str, list[str]] = {}
    for edge in graph.edges:
        onward.setdefault(edge.source, []).append(edge.target)
        backward.setdefault(edge.target, []).append(edge.source)
    return _only(graph, _reached(name, onward) | _reached(name, backward))


def _only(graph: Graph, kept: set[str]) -> Graph:
    return Graph(
        {name: node for name, node in graph.nodes.items() if name in kept},
        tuple(edge for edge in graph.edges if edge.source in kept and edge.target in kept),
    )


def _targets(resource: Resource) -> Iterator[tuple[Node, str]]:
    for column, value in resource.values.items():
        for reference in references(value):
            match reference:
                case KeyReference(address):
                    yield Node(str(address), address.kind, str(address)), column
                case IdReference(kind, row_id):
                    name = f"{kind}[{row_id}]"
                    yield Node(name, kind, short(name), known=False), column
                case Lookup(kind):  # by which values may be personal
                    yield Node(f"{kind}[lookup]", kind, f"{kind}, looked up", known=False), column


def _columns_to(change: ChangeDocument, target: str) -> Iterable[str]:
    return [name for name, column in change["columns"].items() if column.get("refers_to") == target]


def _reached(start: str, ahead: Mapping[str, list[str]]) -> set[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        fresh = set(ahead.get(waiting.pop(), ())) - seen
        seen |= fresh
        waiting += fresh
    return seen
