"""Workflow commands: escaped as GitHub wants it, on the right lines, what is worst first."""

from pathlib import Path

import pytest

from reconciler.diagnostics import Position, Problem
from reconciler.render.github import below_workspace, plan_github, problems_github
from tests.builders import change
from tests.render_cases import at, document, everything

PLACE = Position("villa/a.yaml", 3, 7)


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem("tab", "a tab", PLACE, hint="use spaces"),
            "::error file=villa/a.yaml,line=3,col=7,title=tab::a tab%0Ahint: use spaces",
        ),
        (
            Problem("missing-column", "x, y: z", PLACE, severity="warning"),
            "::warning file=villa/a.yaml,line=3,col=7,title=missing-column::x, y: z",
        ),
        (Problem("no-files", "100 % of nothing"), "::error title=no-files::100 %25 of nothing"),
        (
            Problem("odd-row", "a\r\nb::c", Position("a,b:c%\n.yaml", 1, 2)),
            "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,col=2,title=odd-row::a\\r\\nb::c",
        ),
    ],
)
def test_a_problem_is_a_command(problem: Problem, line: str) -> None:
    assert problems_github([problem]) == f"{line}\n"


def test_names_of_files_are_those_of_the_repository() -> None:
    problems = [Problem("tab", "a", PLACE), Problem("tag", "b", Position("../b.yaml", 1, 1))]
    text = problems_github(problems, below="infra/prod")
    assert "file=infra/prod/villa/a.yaml," in text
    assert "file=infra/b.yaml," in text
    plan = document([at(change("delete taxes.vat", row={"id": "1"}), "a.yaml", 4)])
    assert "::warning file=infra/a.yaml,line=4,title=Delete::" in plan_github(plan, below="infra")


@pytest.mark.parametrize(
    ("workspace", "below"),
    [(None, ""), (".", "infra/prod"), ("infra", "prod"), ("elsewhere", "")],
)
def test_where_we_are_in_the_repository(
    workspace: str | None, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "infra" / "prod"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    if workspace:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace))
    assert below_workspace() == below


def test_what_is_refused_comes_first_and_the_counts_last() -> None:
    lines = plan_github(everything()).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "::error", *["::warning"] * (len(lines) - 2), "::notice"]  # fmt: skip
    assert all(line.count("\n") == 0 for line in lines)
    assert "create contacts.jane-doe" not in "".join(lines)


def test_a_plan_without_changes_is_one_notice() -> None:
    plan = document([], unchanged=3)
    said = f"3 unchanged%0ADigest: {plan['digest']}"
    assert plan_github(plan) == f"::notice title=Plan::{said}\n"
