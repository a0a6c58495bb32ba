"""A graph as a page in which names can be found."""

from ...diagnostics.words import count
from ..graph import Graph, graph_svg
from ..visible import visible
from .page import Frame, filled, page

SCRIPTS = ("graph.js", "find.js")
STYLES = ("graph.css",)
KEYS = {"/": "find", "Esc": "clear"}


def graph_html(graph: Graph, title: str, *, whole_kinds: bool) -> str:
    """Write a graph as one page; ``whole_kinds`` says that each node is one."""
    nodes = count(len(graph.nodes), "kind" if whole_kinds else "resource")
    edges = count(len(graph.edges), "reference")
    frame = Frame(
        f"Graph of {visible(title)}",
        about=(f"{nodes}, {edges}. An arrow points to what is referred to.",),
        left_out=("each box is a whole kind",) if whole_kinds else (),
        keys=KEYS,
        layout="graph-page",
    )
    body = filled("graph.html", {"graph": graph_svg(graph, alone=False)})
    return page(frame, body, scripts=SCRIPTS, styles=STYLES)
