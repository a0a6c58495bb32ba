"""The engine that lays graphs out: the one that was pinned, the same in Node.js and alone."""

import hashlib
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconciler.render.graph import engine, graph_svg
from reconciler.render.graph.engine import laid_out
from reconciler.render.graph.layout import HEIGHT
from tests.node import node
from tests.test_graph import LAYOUTS, graph
from tests.vendor import HERE, PINNED, note


def test_the_engine_is_the_one_that_was_pinned() -> None:
    assert (HERE / "package.json").read_bytes() == note(HERE)
    known = json.loads((HERE / "package.json").read_bytes())
    assert (known["version"], known["integrity"]) == (PINNED.version, PINNED.integrity)
    assert hashlib.sha256((HERE / "dagre.min.js").read_bytes()).hexdigest() == (
        "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578"
    )


def test_its_licence_goes_with_it_and_it_names_no_other_file() -> None:
    code = engine()
    assert code.startswith("/*! @dagrejs/dagre 3.1.3\n\nCopyright (c) 2012-2014 Chris Pettitt")
    assert "THE SOFTWARE IS PROVIDED" in code.partition("*/")[0]
    assert "sourceMappingURL" not in code
    assert ".LEGAL.txt" not in code


@pytest.fixture
def path_with_node(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(node()).parent
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.mark.usefixtures("path_with_node")
@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != "deep"])
def test_dagre_covers_no_node_with_another(name: str) -> None:
    drawn = graph(LAYOUTS[name])
    layout, by = laid_out(drawn)
    assert by == "dagre 3.1.3"
    assert layout.boxes.keys() == drawn.nodes.keys()
    boxes = [*layout.boxes.values()]
    for at, one in enumerate(boxes):
        assert one.x + one.width <= layout.width
        assert one.y + HEIGHT <= layout.height
        for other in boxes[at + 1 :]:
            apart = abs(one.y - other.y) >= HEIGHT - 1e-6
            assert apart or one.x + one.width <= other.x or other.x + other.width <= one.x


@pytest.mark.usefixtures("path_with_node")
@pytest.mark.parametrize("name", ["chain", "long", "star", "random"])
def test_dagre_puts_left_what_is_referred_to(name: str) -> None:
    drawn = graph(LAYOUTS[name])
    boxes = laid_out(drawn).layout.boxes
    for edge in drawn.edges:
        source, target = boxes[edge.source], boxes[edge.target]
        assert target.x + target.width < source.x


@pytest.mark.usefixtures("path_with_node")
def test_an_svg_says_who_laid_it_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn = graph(LAYOUTS["chain"])
    assert "<!-- laid out by dagre 3.1.3 -->" in graph_svg(drawn)
    assert "<!-- laid out by reconciler, since 400 nodes" in graph_svg(graph(LAYOUTS["deep"]))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "<!-- laid out by reconciler, since there is no Node.js" in graph_svg(drawn)
    broken = tmp_path / "node"
    broken.write_text("#!/bin/sh\necho no\n")
    broken.chmod(0o755)
    found = graph_svg(drawn)
    assert "<!-- laid out by reconciler, since there is no Node.js" in found
    ElementTree.fromstring(found)
