"""A graph drawn in one of its formats: resources, or kinds where they are too many."""

from .graph import Graph, bounded, graph_dot, graph_mermaid, graph_svg, of_kinds
from .out import say

FORMATS = ("mermaid", "dot", "svg", "html")


def drawn(graph: Graph, form: str, by: str | None, title: str) -> str:
    """Draw a graph; ``by`` is what a box is, None: a resource where they can be looked at."""
    if by is None:
        graph, whole_kinds = bounded(graph)
        if whole_kinds:
            say("Too many resources to look at: each box is a kind (--by resource).", err=True)
    else:
        whole_kinds = by == "kind"
        graph = of_kinds(graph) if whole_kinds else graph
    if form == "html":
        from .html import graph_html

        return graph_html(graph, title, whole_kinds=whole_kinds)
    return {"mermaid": graph_mermaid, "dot": graph_dot, "svg": graph_svg}[form](graph)
