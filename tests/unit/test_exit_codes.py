"""The exit codes that results have."""

import pytest

from reconciler.execution import Outcome, Report, State
from reconciler.migration.run import Migrated
from reconciler.plan.model import Plan
from reconciler.plan.unmanaged import Unmanaged
from reconciler.rehearsal.result import Rehearsed
from tests.builders import ORGANIZATION, STACK, address, change

DONE = Report((Outcome(change("create contacts.jane"), State.DONE),), stopped=False)
PARTLY = Report((Outcome(change("create contacts.jane"), State.FAILED),), stopped=False)
STOPPED = Report((), stopped=True)
SAME = Plan(STACK, ORGANIZATION, "sha256:0", (), 1)
OTHER = Plan(STACK, ORGANIZATION, "sha256:0", ((change("create contacts.jane"),),), 1)


@pytest.mark.parametrize(
    ("report", "again", "code"),
    [
        (DONE, SAME, 0),
        (None, SAME, 0),
        (DONE, OTHER, 5),
        (PARTLY, None, 5),
        (STOPPED, None, 130),
    ],
)
def test_a_rehearsal(report: Report | None, again: Plan | None, code: int) -> None:
    assert Rehearsed(OTHER, 3, report, again=again).exit_code == code


@pytest.mark.parametrize(
    ("passes", "code"), [((DONE, STOPPED), 130), ((DONE, PARTLY), 5), ((DONE,), 0), ((), 0)]
)
def test_a_migration_that_was_not_looked_back_on(passes: tuple[Report, ...], code: int) -> None:
    assert Migrated(passes, None).exit_code == code


@pytest.mark.parametrize(
    ("plan", "differs"),
    [
        (SAME, False),
        (OTHER, True),
        (Plan(STACK, ORGANIZATION, "", (), 0, unmet=frozenset({address("sites.a")})), True),
        (Plan(STACK, ORGANIZATION, "", (), 0, unmanaged=(Unmanaged("sites", 1),)), True),
        (Plan(STACK, ORGANIZATION, "", (), 0, unmanaged=(Unmanaged("sites", 0),)), False),
    ],
    ids=["empty", "a change", "unmet", "a row in no YAML", "no rows in no YAML"],
)
def test_a_plan_differs(plan: Plan, differs: bool) -> None:
    assert plan.differs is differs
