"""Resources and what they refer to, drawn: an arrow points to what is referred to."""

from .dot import graph_dot
from .mermaid import graph_mermaid
from .model import (
    Edge,
    Graph,
    Node,
    around_node,
    bounded,
    graph_of,
    graph_of_plan,
    of_kinds,
    only_kinds,
)
from .svg import graph_svg

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "around_node",
    "bounded",
    "graph_dot",
    "graph_mermaid",
    "graph_of",
    "graph_of_plan",
    "graph_svg",
    "of_kinds",
    "only_kinds",
]
