"""Which members are executed by a plan that people looked at, and how a run is taken back."""

from pathlib import Path

import pytest

from reconciler.diagnostics import PartialApplyError, UsageError
from reconciler.fleet.inputs import Selection
from reconciler.fleet.planfile import FleetPlan, PartDocument, digest_of_parts, parts_of
from reconciler.fleet.results import FleetReport, Result, after_writing
from reconciler.fleet.reviewed import reviewed_in, with_plans
from reconciler.fleet.runs import PastFleetRun, Written, turns_back
from reconciler.fleet.tasks import Writing
from tests.fleet_members import FLEET, member

FILE = Path("reviewed.json")


def part(name: str, digest: str | None = "sha256:1", **more: str) -> PartDocument:
    made: PartDocument = {
        "name": name, "organization": member(name).organization, "digest": digest, "code": 0,
    }  # fmt: skip
    return {**made, **more}  # type: ignore[typeddict-item]  # made wrong on purpose


def plan(*parts: PartDocument) -> FleetPlan:
    return FleetPlan({one["name"]: one for one in parts}, digest_of_parts(parts), lambda name: None)


def test_a_plan_executes_its_members_and_the_others_are_named() -> None:
    said: list[str] = []
    whole = plan(part("a"), part("c", None, message="no answer"))
    found = reviewed_in(FILE, whole, Selection(FLEET, FLEET.members), said.append)
    assert [one.name for one in found.members] == ["a"]
    assert [(one.name, one.state) for one in found.left] == [("c", "not started")]
    assert said == ["b is left out: reviewed.json has no part of it"]
    writing = found.writing(lambda member: Writing(("deletes",), member.name), keep=3)
    assert writing(found.members[0]) == Writing(("deletes",), "a", keep=3)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([part("a", organization="another")], "plans a as organization another"),
        ([part("d")], "does not name it so"),
        ([part("b")], "has a plan of none of them"),
    ],
    ids=["another organization", "not of the fleet", "of others"],
)
def test_a_plan_of_others_is_refused(parts: list[PartDocument], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        reviewed_in(FILE, plan(*parts), Selection(FLEET, FLEET.members[:1]), lambda text: None)


def test_what_was_shown_is_what_is_executed() -> None:
    results = [
        Result(one.name, one.organization, 0, "pending", digest="d") for one in FLEET.members
    ]
    parts = parts_of(FleetReport((*results,), "plan"))
    assert with_plans(FLEET.members[:2], parts, lambda name: None).members == FLEET.members[:2]


def test_a_run_is_taken_back_last_wave_first() -> None:
    waves = {"a": "canary", "b": "rest", "c": "rest", "d": "rest"}
    written = tuple(Written(n, member(n).organization, wave, ("1",)) for n, wave in waves.items())
    said: list[str] = []
    run = PastFleetRun("r", "apply", "then", True, None, written)
    turns = turns_back(run, FLEET, FLEET.members[:2], said.append)
    assert [(turn.wave, [m.name for m in turn.members]) for turn in turns] == [
        ("rest", ["b"]),
        ("canary", ["a"]),
    ]
    assert said == [f"d is left out: {FLEET.file} does not name it any more"]
    assert run.writing(lambda member: Writing(journal=member.name))(FLEET.members[0]) == Writing(
        journal="a", runs=("1",)
    )


def test_what_fails_after_the_writing_says_that_the_writing_is_done() -> None:
    wrote, read = FleetReport((), "apply", run="r1"), FleetReport((), "apply")
    with pytest.raises(PartialApplyError) as raised, after_writing(wrote):
        raise UsageError("no room", hint="make some")
    assert raised.value.message.startswith("run r1 has ended; ")
    assert raised.value.message.endswith("was not done: no room")
    assert raised.value.hint == "make some"
    with pytest.raises(UsageError), after_writing(read):
        raise UsageError("no room")
