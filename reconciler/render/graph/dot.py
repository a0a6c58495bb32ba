"""A graph in the language of Graphviz."""

from collections.abc import Iterator

from .model import Graph


def graph_dot(graph: Graph) -> str:
    """Write a graph as DOT: what is referred to stands on the left."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "digraph reconciler {"
    yield '  rankdir=RL; node [shape=box, style=rounded, fontname="sans-serif"];'
    for name, node in graph.nodes.items():
        dashed = "" if node.known else ', style="rounded,dashed"'
        yield f"  {_quoted(name)} [label={_quoted(node.label)}{dashed}];"
    for edge in graph.edges:
        label = f" [label={_quoted(edge.label)}]" if edge.label else ""
        yield f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{label};"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
