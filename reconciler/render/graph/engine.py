"""The layout by dagre, in Node.js where there is one; else by ourselves.

dagre stands in ``vendor/`` as it was published. It is small, and its licence asks for no more than
its notice, which goes wherever its code goes. Pages run the same two files in the browser.
"""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import orjson

from .layout import HEIGHT, Box, Layout, Route, lay_out, widths_of
from .model import Graph

FOLDER = Path(__file__).parent
MOST_NODES = 400
"""With more than these, dagre takes too long; nobody looks at them in one drawing either."""
LONGEST = 30
_ANSWER = """
const found = layOut(given.boxes, given.links);
process.stdout.write(JSON.stringify({...found, boxes: [...found.boxes]}));
"""


class LaidOut(NamedTuple):
    """A layout, and who made it."""

    layout: Layout
    by: str


def laid_out(graph: Graph) -> LaidOut:
    """Give every node a place and every reference a way."""
    node = shutil.which("node")
    if len(graph.nodes) > MOST_NODES:
        return LaidOut(
            lay_out(graph), f"reconciler, since {MOST_NODES} nodes are too many for dagre"
        )
    found = node and _by_dagre(node, graph)
    if not found:
        return LaidOut(lay_out(graph), "reconciler, since there is no Node.js that runs dagre")
    return LaidOut(found, f"dagre {_about()['version']}")


@cache
def engine() -> str:
    """Give dagre with its licence in front, and what asks it."""
    about = _about()
    licence = _read("vendor/LICENSE")
    code = "\n".join(
        line
        for line in _read("vendor/dagre.min.js").splitlines()
        if not line.startswith(("//#", "/*!"))  # these name files that are not there
    )
    return f"/*! {about['package']} {about['version']}\n\n{licence}*/\n{code}\n{_read('layout.js')}"


def _by_dagre(node: str, graph: Graph) -> Layout | None:
    widths = widths_of(graph)
    given = orjson.dumps(
        {
            "boxes": [{"id": n, "width": w, "height": HEIGHT} for n, w in widths.items()],
            "links": [[edge.source, edge.target] for edge in graph.edges],
        }
    ).decode()
    script = f"{engine()}\nconst given = {given};\n{_ANSWER}"
    try:
        ran = subprocess.run(  # noqa: S603 (our own script, by the Node.js on the path)
            [node, "-"], input=script.encode(), capture_output=True, timeout=LONGEST, check=True
        )
        return _read_layout(ran.stdout, graph)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _read_layout(answer: bytes, graph: Graph) -> Layout:
    found = orjson.loads(answer)
    boxes = {name: Box(at["x"], at["y"], at["width"]) for name, at in found["boxes"]}
    labels = {(edge.source, edge.target): edge.label for edge in graph.edges}
    routes = tuple(
        Route(way["from"], way["to"], labels[way["from"], way["to"]], _points(way["points"]))
        for way in found["links"]
    )
    return Layout(boxes, routes, found["width"], found["height"])


def _points(given: Sequence[dict[str, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((point["x"], point["y"]) for point in given)


def _about() -> dict[str, str]:
    return cast("dict[str, str]", orjson.loads(_read("vendor/package.json")))


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
