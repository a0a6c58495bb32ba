"""A graph drawn in one of its formats: resources, or groups or kinds where they are too many."""

from .graph import By, Graph, fitting, folded, graph_dot, graph_mermaid, graph_svg
from .out import say

FORMATS = ("mermaid", "dot", "svg", "html")
_FOLDED = {By.GROUP: "a resource with what belongs to it", By.KIND: "a kind"}


def drawn(graph: Graph, form: str, by: By | None, title: str) -> str:
    """Draw a graph; ``by`` is what a box is, None: a resource where they can be looked at."""
    if form == "html":
        from .html import graph_html

        return graph_html(graph, title, by)
    if by is None:
        by = fitting(graph)
        if by in _FOLDED:
            told = _FOLDED[by]
            say(f"Too many resources to look at: each box is {told} (--by resource).", err=True)
    graph = folded(graph, by)
    return {"mermaid": graph_mermaid, "dot": graph_dot, "svg": graph_svg}[form](graph)
