"""A graph as a page in which names can be found."""

from html import escape

from ...diagnostics.words import count
from ..graph import Graph, graph_svg
from ..visible import visible
from .page import filled, page

SCRIPTS = ("theme.js", "graph.js", "find.js")


def graph_html(graph: Graph, title: str, *, whole_kinds: bool) -> str:
    """Write a graph as one page; ``whole_kinds`` says that each node is one."""
    nodes = count(len(graph.nodes), "kind" if whole_kinds else "resource")
    edges = count(len(graph.edges), "reference")
    parts = {
        "stack": escape(visible(title)),
        "graph_note": f"{nodes}, {edges}. An arrow points to what is referred to.",
        "graph": graph_svg(graph, alone=False),
    }
    return page(f"Graph of {title}", filled("graph.html", parts), SCRIPTS)
