"""A plan that is executed in front of people: what they see, and what is done without them."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reconciler.catalogue import Kind
from reconciler.diagnostics import ConsentError, PartialApplyError
from reconciler.execution import Report
from reconciler.execution.people import Stopping, execute_plan
from reconciler.plan.change import Change
from reconciler.plan.consents import ADVISORY
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.planning.planned import Planned
from tests.builders import KINDS, ORGANIZATION, STACK, change, remembered
from tests.executing import Heard, bindings_in, contacts, create
from tests.unruly import Step, Unruly


class DisagreedError(Exception):
    """Somebody did not agree."""


class Listener(Heard):
    """Also keeps how the run ended."""

    def nothing(self) -> None:
        self.events.append("nothing")

    def report(self, report: Report) -> None:
        self.events.append(f"report {report.exit_code}")


class Never:
    """Nobody wants the run to end."""

    def asked(self) -> bool:
        return False


@dataclass
class Audience:
    """People who agree, unless told otherwise."""

    consents: frozenset[str] = frozenset()
    advisory: frozenset[str] = ADVISORY
    reviewed: PlanDocument | None = None
    again: str = "apply again"
    agrees: bool = True
    heard: Listener = field(default_factory=Listener)

    def see(self, plan: Plan, kinds: Mapping[str, Kind]) -> Listener:
        self.heard.events.append(f"saw {len(plan.changes)}")
        return self.heard

    def agree(self) -> None:
        self.heard.events.append("asked")
        if not self.agrees:
            raise DisagreedError

    def stopping(self, drain: Callable[[], None]) -> AbstractContextManager[Stopping]:
        return nullcontext(Never())


def executed(
    folder: Path, people: Audience, *changes: Change, api: Unruly | None = None
) -> Report | None:
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (changes,) if changes else (), 0)
    planned = Planned(plan, remembered(bindings_in(folder)))
    client = api or contacts()
    return asyncio.run(execute_plan(planned, client, KINDS, people, folder / "journal"))


def test_people_see_agree_and_hear_the_end(tmp_path: Path) -> None:
    people = Audience()
    report = executed(tmp_path, people, create("a"))
    assert report
    assert report.complete
    said = ["saw 1", "asked", "started contacts.a", "done contacts.a", "report 0"]
    assert people.heard.events == said


def test_nothing_is_done_where_they_do_not_agree(tmp_path: Path) -> None:
    people, api = Audience(agrees=False), contacts()
    with pytest.raises(DisagreedError):
        executed(tmp_path, people, create("a"), api=api)
    assert people.heard.events == ["saw 1", "asked"]
    assert not (tmp_path / "journal").exists()


def test_a_plan_that_is_refused_is_seen_and_nobody_is_asked(tmp_path: Path) -> None:
    people = Audience()
    with pytest.raises(ConsentError):
        executed(tmp_path, people, change("delete contacts.a", consents=["deletes"]))
    assert people.heard.events == ["saw 1"]
    assert not (tmp_path / "journal").exists()


def test_where_there_is_nothing_to_do_nobody_is_asked(tmp_path: Path) -> None:
    people = Audience()
    assert executed(tmp_path, people) is None
    assert people.heard.events == ["saw 0", "nothing"]


def test_what_could_not_be_written_here_is_told_after_the_report(tmp_path: Path) -> None:
    def lose_bindings(api: Unruly) -> None:
        (tmp_path / "bindings.yaml").unlink(missing_ok=True)
        (tmp_path / "bindings.yaml").mkdir()

    people, api = (
        Audience(again="undo again"),
        Unruly({"create products": [Step(first=lose_bindings)]}),
    )
    one = replace(change("create products.villa", name={"default": "Villa"}), id=None)
    with pytest.raises(PartialApplyError, match="cannot be written") as raised:
        executed(tmp_path, people, one, api=api)
    assert raised.value.hint == "fix that, then undo again"
    assert people.heard.events[-1] == "report 0"
