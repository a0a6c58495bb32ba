"""A graph as Mermaid, which GitHub draws inside Markdown."""

from collections.abc import Iterator

from .model import Graph


def graph_mermaid(graph: Graph) -> str:
    """Write a graph as a Mermaid flowchart: what is referred to stands on the left."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart RL"
    numbers = {name: f"n{number}" for number, name in enumerate(graph.nodes)}
    for name, node in graph.nodes.items():
        opening, closing = ("[", "]") if node.known else ("([", "])")
        yield f"  {numbers[name]}{opening}{_quoted(node.label)}{closing}"
    for edge in graph.edges:
        label = f"|{_quoted(edge.label)}|" if edge.label else ""
        yield f"  {numbers[edge.source]} -->{label} {numbers[edge.target]}"


def _quoted(text: str) -> str:
    escaped = text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;")
    return f'"{escaped}"'
