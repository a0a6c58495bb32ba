"""A graph as a page, or as a part of one: folded, with search, focus and an overview."""

from collections.abc import Iterator
from html import escape

from ...diagnostics.words import count
from ...values.column import JSON
from ..graph import By, Graph, engine, fitting, folded, groups_of
from ..visible import visible
from ..words import SYMBOLS
from .page import Frame, embedded, filled, page, read

MOST_NODES = 5_000
"""Of more resources than these a page holds only the kinds."""
MOST_UNFOLDED = 40
"""Of more a page opens folded: one click unfolds what is looked for."""
MOST_LINES = 20_000
_PARTS = ("boxes", "draw", "view", "told", "keys")
SCRIPTS = (*(f"graph_{part}.js" for part in _PARTS), "graph.js")
STYLES = ("graph.css",)
KEYS = {
    "/": "find",
    "← ↑ ↓ →": "move",
    "Enter": "unfold",
    "f": "what it touches",
    "Esc": "back",
    "+ - 0": "zoom",
}


def graph_html(graph: Graph, title: str, by: By | None = None) -> str:
    """Write a graph as one page; ``by`` is what a box is at first."""
    nodes, edges = count(len(graph.nodes), "resource"), count(len(graph.edges), "reference")
    frame = Frame(
        f"Graph of {visible(title)}",
        about=(f"{nodes}, {edges}. An arrow points to what is referred to.",),
        left_out=tuple(left_out_of(graph)),
        keys=KEYS,
        layout="panes-page graph-page",
    )
    return page(
        frame,
        f'<section id="graph" aria-label="Graph">{graph_pane()}</section>',
        scripts=("graph_alone.js",),
        styles=STYLES,
        data=graph_data(graph, by),
        without_script=graph_text(graph),
        library=graph_library(),
    )


def graph_library() -> str:
    """Give what draws a graph: ``startGraph``, whose own names nobody else sees."""
    code = "\n".join([engine(), *map(read, SCRIPTS)])
    return f"const startGraph = (() => {{\n{code}\nreturn startGraph;\n}})();"


def graph_pane() -> str:
    """Write where a graph is drawn: its bar, its canvas, and what is told of a box."""
    return filled("graph.html", {})


def graph_data(graph: Graph, by: By | None = None) -> str:
    """Embed what the scripts draw."""
    whole_kinds = len(graph.nodes) > MOST_NODES
    by = by or fitting(graph, MOST_UNFOLDED)
    if whole_kinds:
        graph, by = folded(graph, By.KIND), By.RESOURCE
    groups = groups_of(graph)
    numbers = {name: number for number, name in enumerate(graph.nodes)}
    names = list(dict.fromkeys(groups.of.values()))
    at = {name: number for number, name in enumerate(names)}
    nodes: list[JSON] = [
        [node.name, node.kind, node.label, node.action, node.known, at.get(groups.of.get(name, ""))]
        for name, node in graph.nodes.items()
    ]
    edges: list[JSON] = [[numbers[e.source], numbers[e.target], e.label] for e in graph.edges]
    held: dict[str, JSON] = {
        "by": str(by), "wholeKinds": whole_kinds, "groupKind": groups.kind,
        "groups": [*names], "signs": {str(action): sign for action, sign in SYMBOLS.items()},
        "nodes": nodes, "edges": edges,
    }  # fmt: skip
    return embedded("graph-data", held)


def left_out_of(graph: Graph) -> Iterator[str]:
    """Say what the page does not hold."""
    if len(graph.nodes) > MOST_NODES:
        yield f"resources of the graph, over {MOST_NODES:,}: each box is a whole kind"


def graph_text(graph: Graph) -> str:
    """Write the references line by line, for who runs no script."""
    tied = {end for edge in graph.edges for end in (edge.source, edge.target)}
    lines = [
        f"{edge.source} → {edge.target}" + (f"  ({edge.label})" if edge.label else "")
        for edge in graph.edges
    ]
    lines += [name for name in graph.nodes if name not in tied]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES:,} more"]
    return f'<pre class="text">{escape(chr(10).join(lines), quote=False)}</pre>'
