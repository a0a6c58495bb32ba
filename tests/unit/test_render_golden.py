"""Every view of a plan that has everything, and of one that has nothing, as files to look at.

``UPDATE_CASES=1 pytest tests/unit/test_render_golden.py`` writes them anew: read the diff.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reconciler.plan.document import text_of
from reconciler.plan.shape import PlanDocument
from reconciler.render.github import plan_github
from reconciler.render.graph import graph_dot, graph_mermaid, graph_of_plan, graph_svg
from reconciler.render.graph.engine import LaidOut
from reconciler.render.graph.layout import lay_out
from reconciler.render.html import plan_html
from reconciler.render.markdown import plan_markdown
from tests.render_cases import everything, nothing, plan_text

GOLDEN = Path(__file__).parent.parent / "golden"
_STYLE = re.compile(r"(?s)(<style>|<script>).*?(</style>|</script>)")
_POLICY = re.compile(r"sha256-[\w+/=]+")


def text(document: PlanDocument) -> str:
    """Write a plan for a terminal of 80 columns, without colour."""
    return click.unstyle(plan_text(document, width=80))


def wide(document: PlanDocument) -> str:
    """Write a plan for a wide terminal, with personal data and the codes of colours."""
    return plan_text(document, width=140).replace("\x1b", "<esc>")


def compact(document: PlanDocument) -> str:
    """Write a plan in one line per change."""
    return click.unstyle(plan_text(document, width=80, compact=True))


def page(document: PlanDocument) -> str:
    """Write a plan as a page, without its style and scripts, which are files of their own."""
    found = _STYLE.sub(r"\1…\2", plan_html(document))
    return _POLICY.sub("sha256-…", found).replace('{"name":', '\n{"name":')


def svg(document: PlanDocument) -> str:
    """Draw a plan."""
    graph = graph_of_plan(document)
    return graph_svg(graph, LaidOut(lay_out(graph), "reconciler"))


def mermaid(document: PlanDocument) -> str:
    """Draw a plan for GitHub."""
    return graph_mermaid(graph_of_plan(document))


def dot(document: PlanDocument) -> str:
    """Draw a plan for Graphviz."""
    return graph_dot(graph_of_plan(document))


CASES: dict[str, tuple[Callable[[PlanDocument], str], Callable[[], PlanDocument]]] = {
    "everything.txt": (text, everything),
    "everything-revealed.txt": (wide, lambda: everything(reveal=True)),
    "everything-compact.txt": (compact, everything),
    "everything.md": (plan_markdown, everything),
    "everything.github.txt": (plan_github, everything),
    "everything.html": (page, everything),
    "everything.json": (text_of, everything),
    "everything.svg": (svg, everything),
    "everything.mmd": (mermaid, everything),
    "everything.dot": (dot, everything),
    "nothing.txt": (text, nothing),
    "nothing.md": (plan_markdown, nothing),
    "nothing.github.txt": (plan_github, nothing),
    "nothing.html": (page, nothing),
}


@pytest.mark.parametrize("name", CASES)
def test_a_view_is_as_it_was_looked_at(name: str) -> None:
    view, plan = CASES[name]
    shown = view(plan())
    file = GOLDEN / name
    if os.environ.get("UPDATE_CASES"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


def test_there_is_no_view_without_a_case() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", [n for n in CASES if n != "everything-revealed.txt"])
def test_no_view_holds_personal_or_secret_values(name: str) -> None:
    view, plan = CASES[name]
    shown = view(plan())
    for value in ("jane@example.com", "old@example.com", "allergic", "hunter2", "ola@example"):
        assert value not in shown
    assert view(plan()) == shown  # the same plan, the same text


def test_what_is_revealed_is_personal_but_never_secret() -> None:
    shown = plan_text(everything(reveal=True), width=80)
    assert "jane@example.com" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("name", CASES)
def test_every_view_shows_the_same_digest(name: str) -> None:
    view, plan = CASES[name]
    if not name.endswith((".svg", ".mmd", ".dot")):
        assert plan()["digest"] in view(plan())


HOSTILE = "\x1b]0;x\x07\u202e<b>`@x`|\n# y"
VIEWS = dict.fromkeys(
    view for view, _ in CASES.values() if view not in {text_of, svg, mermaid, dot}
)
"""The document itself is for programs; drawings of plans stand in pages, which are among these."""


@pytest.mark.parametrize("view", VIEWS)
def test_a_plan_file_from_anybody_steers_nothing(view: Callable[[PlanDocument], str]) -> None:
    plan = everything()
    plan["stack"] = plan["tool_version"] = HOSTILE
    plan["notes"] = [HOSTILE]
    for change in plan["changes"]:
        change["address"] = change["kind"] = change["file"] = HOSTILE
        change["references"] = [HOSTILE]
        change["columns"] = {HOSTILE: {"before": HOSTILE, "after": "x", "refers_to": HOSTILE}}
    shown = view(plan)
    assert not set("\x07\u202e\x1b") & set(shown)
    assert "\n# y" not in shown
    if view is plan_html:
        assert "<b>" not in shown
