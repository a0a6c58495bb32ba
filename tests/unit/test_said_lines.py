"""Single lines that commands say: of cases of policies, of journals, of formatting."""

from pathlib import Path

import pytest

from reconciler.diagnostics import Position
from reconciler.fleet.runs import PastFleetRun, Written
from reconciler.format.files import Findings
from reconciler.plan.model import Plan
from reconciler.policies.cases import Tried
from reconciler.policies.policy import Case
from reconciler.render.fleet.runs import fleet_run_line
from reconciler.render.formatted import formatted_line
from reconciler.render.runs import much_line, nothing_left_lines, pruned_line
from reconciler.render.tried import failed_lines, tried_line, untried_lines
from tests.builders import ORGANIZATION, STACK
from tests.policy_files import policies, text_of

CASE = Case("a guest", {}, "fine", Position("rule.yaml", 7, 3))


def test_cases_of_policies(tmp_path: Path) -> None:
    [policy] = policies(tmp_path, text_of("true"))
    well, badly = Tried(policy, CASE, "fine", ""), Tried(policy, CASE, "error", "no such column")
    assert [*failed_lines([well, badly])] == [
        "rule.yaml:7:3: rule, a guest: expected fine, found error (no such column)"
    ]
    assert tried_line([policy], [well]) == "1 policy, 1 case: all as expected."
    assert tried_line([policy], [well, badly]) == "1 policy, 2 cases: 1 failed."
    [line] = untried_lines([policy])
    assert line.endswith("the policy rule has no case")


def test_journals(tmp_path: Path) -> None:
    assert pruned_line(1, Path("j")) == "removed 1 journal from j"
    assert much_line(tmp_path) is None
    with (tmp_path / "20260101T000000000000-aaaa.jsonl").open("wb") as file:
        file.truncate(3 * 1024**3)  # a hole takes no room
    assert f"the journals in {tmp_path} take 3.0 GiB" in str(much_line(tmp_path))
    assert [*nothing_left_lines(Plan(STACK, ORGANIZATION, "", (), 0))] == [
        "Nothing to take back: no row is as that run left it."
    ]


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (PastFleetRun("r2", "apply", "then", True, None, (Written("a", "o", "w", ("1",)),)),
         "r2  then  apply: wrote to 1 organization"),
        (PastFleetRun("r3", "undo", "then", False, "r2", ()),
         "r3  then  undo: wrote to 0 organizations, takes r2 back, cut off"),
    ],
)  # fmt: skip
def test_runs_of_a_fleet(run: PastFleetRun, line: str) -> None:
    assert fleet_run_line(run) == line


@pytest.mark.parametrize(
    ("written", "foreign", "line"),
    [
        (True, [], "0 files changed, 2 as they should be."),
        (False, ["ci.yaml"],
         "0 files would change, 2 as they should be, 1 of no configuration left alone."),
    ],
)  # fmt: skip
def test_formatting(written: bool, foreign: list[str], line: str) -> None:
    assert formatted_line(Findings(unchanged=2, foreign=foreign), written=written) == line
