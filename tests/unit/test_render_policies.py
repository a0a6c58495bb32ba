"""How views tell of policies: what is refused, what may be let pass, and what is only a warning."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.diagnostics import Position
from reconciler.plan.document import document_of
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.plan.verdicts import Broken, Verdict
from reconciler.render.github import plan_github
from reconciler.render.html import plan_html
from reconciler.render.markdown import plan_markdown
from tests.builders import KINDS, ORGANIZATION, STACK
from tests.render_cases import plan_text

NOWHERE = Position("rule.yaml", 1, 1)
FLOOR = Verdict(
    "floor", "too cheap", "error", "resource", NOWHERE, 9,
    (Broken("seasons.high", Position("a.yaml", 4, 3)), Broken("seasons.low", None, "it failed")), 9,
)  # fmt: skip
FLAG = "--allow policy:floor"
Writer = Callable[[PlanDocument], str]


def written(verdict: Verdict, write: Writer) -> str:
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (), 0, verdicts=(verdict,))
    return " ".join(write(document_of(plan, KINDS)).split())


@pytest.mark.parametrize("write", [plan_text, plan_markdown, plan_html])
@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (FLOOR, ["apply will refuse", "too cheap", "seasons.high (a.yaml:4)", "and 7 more"]),
        (FLOOR, ["seasons.low: it failed", "0 kept, 1 broken."]),
        (replace(FLOOR, may_allow=True), [f"apply needs {FLAG}"]),
        (replace(FLOOR, severity="warning"), ["floor (warning)"]),
        (replace(FLOOR, broken=(), total=0), ["1 kept, 0 broken."]),
    ],
)
def test_what_a_view_says(verdict: Verdict, says: list[str], write: Writer) -> None:
    shown = written(verdict, write)
    assert [text for text in says if text not in shown] == []


def test_annotations_stand_on_the_lines() -> None:
    shown = written(FLOOR, plan_github)
    assert "::error file=a.yaml,line=4,title=Policy floor::seasons.high: too cheap" in shown
    assert "::error title=Policy floor::seasons.low: too cheap: it failed" in shown
    assert "::warning title" in written(replace(FLOOR, severity="warning"), plan_github)


@pytest.mark.parametrize("write", [plan_text, plan_markdown, plan_html, plan_github])
def test_nothing_in_a_verdict_acts(write: Writer) -> None:
    nasty = "a\x1b[2J<script>`\n::error::x"
    verdict = replace(FLOOR, message=nasty, broken=(Broken(nasty, None, nasty),), total=1)
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (), 0, verdicts=(verdict,))
    shown = write(document_of(plan, KINDS))
    assert "\x1b[2J" not in shown
    assert "\n::error::x" not in shown
    assert write is not plan_html or "<script>`" not in shown
