"""A graph as SVG, for documents."""

from collections.abc import Iterator
from html import escape

from ...diagnostics.words import count
from ...plan.change import Action
from ..words import SYMBOLS
from .engine import LaidOut, laid_out
from .layout import HEIGHT, Box, Layout, Route
from .model import Graph, Node

_STYLE = """
  svg { font: 11px ui-monospace, Menlo, Consolas, monospace; background: #fff; }
  .node rect { fill: #f6f8fa; stroke: #8c959f; } .node text { fill: #1f2328; }
  .node.outside rect { stroke-dasharray: 4 3; }
  .edge { fill: none; stroke: #8c959f; } .tip { fill: #8c959f; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; } .node rect { fill: #161b22; stroke: #6e7681; }
    .node text { fill: #e6edf3; } .edge { stroke: #6e7681; } .tip { fill: #6e7681; }
  }
"""


def graph_svg(graph: Graph, laid: LaidOut | None = None) -> str:
    """Draw a graph as it is laid out; a comment says who did that."""
    layout, by = laid or laid_out(graph)
    return "\n".join(_lines(graph, layout, by)) + "\n"


def _lines(graph: Graph, layout: Layout, by: str) -> Iterator[str]:
    width, height = round(layout.width), round(layout.height)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"'
    yield f'  aria-label="{_summary(graph)}">'
    yield f"<!-- laid out by {by} -->"
    yield f"<style>{_STYLE}</style>"
    yield '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
    yield '  markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    for route in layout.routes:
        yield _edge(route)
    for name, box in layout.boxes.items():
        yield _node(graph.nodes[name], box)
    yield "</svg>"


def _summary(graph: Graph) -> str:
    return f"{count(len(graph.nodes), 'node')}, {count(len(graph.edges), 'reference')}"


def _node(node: Node, box: Box) -> str:
    symbol = f"{SYMBOLS[Action(node.action)]} " if node.action else ""
    title = f"{node.action} {node.name}".strip()
    sort = f"node {node.action}" if node.known else "node outside"
    return (
        f'<g class="{sort.strip()}"><title>{escape(title)}</title>'
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{HEIGHT:.0f}"'
        f' rx="5"/><text x="{box.x + 9:.0f}" y="{box.y + 16:.0f}">'
        f"{escape(symbol + node.label)}</text></g>"
    )


def _edge(route: Route) -> str:
    (x, y), *rest = route.points
    steps = [f"M{x:.0f} {y:.0f}"]
    for to_x, to_y in rest:
        half = (x + to_x) / 2
        steps.append(f"C{half:.0f} {y:.0f} {half:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}")
        x, y = to_x, to_y
    said = f"{route.source} refers to {route.target}" + (
        f" in {route.label}" if route.label else ""
    )
    return (
        f'<path class="edge" d="{" ".join(steps)}" marker-end="url(#tip)">'
        f"<title>{escape(said)}</title></path>"
    )
