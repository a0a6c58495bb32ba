"""Resources and what they refer to, drawn: an arrow points to what is referred to."""

from .dot import graph_dot
from .engine import engine
from .folding import By, Groups, fitting, folded, groups_of
from .mermaid import graph_mermaid
from .model import (
    Edge,
    Graph,
    Node,
    around_node,
    graph_of,
    graph_of_plan,
    only_kinds,
)
from .svg import graph_svg

__all__ = [
    "By",
    "Edge",
    "Graph",
    "Groups",
    "Node",
    "around_node",
    "engine",
    "fitting",
    "folded",
    "graph_dot",
    "graph_mermaid",
    "graph_of",
    "graph_of_plan",
    "graph_svg",
    "groups_of",
    "only_kinds",
]
