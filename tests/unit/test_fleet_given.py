"""A worker is gone: whether its task wrote anything is told by the journals that it began."""

import asyncio
from pathlib import Path

import pytest

from reconciler.fleet.given import Given
from reconciler.fleet.tasks import Access, Task, Verb, Writing, Yaml
from reconciler.journal.write import Journal
from reconciler.plan.model import Plan
from tests.builders import ORGANIZATION, STACK, change

JANE = change("create contacts.jane")


def run(folder: Path, *, intends: bool = False, ends: bool = False) -> str:
    """Write the journal of a run; gives its name."""
    journal = Journal(folder, Plan(STACK, ORGANIZATION, "sha256:0", levels=(), unchanged=0))
    journal.__enter__()
    if intends:
        asyncio.run(journal.intend([JANE], [{}], {}))
    journal.__exit__(None if ends else KeyboardInterrupt, None, None)
    return journal.run


def given(folder: Path, verb: Verb = "apply") -> Given:
    access, writing = Access("http://127.0.0.1:9", 1, 0, 0), Writing(journal=str(folder))
    return Given.now(Task(verb, "a", ORGANIZATION, "rest", Yaml("."), access, ".", None, writing))


def test_a_run_that_was_killed_before_is_none_of_it(tmp_path: Path) -> None:
    run(tmp_path, intends=True)
    result = given(tmp_path).died(-9)
    assert (result.wrote, result.runs, result.code) == (False, (), 70)
    assert result.state == "not started"
    assert result.error
    assert result.error["message"] == "its worker process was killed by signal 9"


@pytest.mark.parametrize(
    ("begun", "wrote"),
    [
        ([{"intends": False}], False),
        ([{"intends": True}], True),
        ([{"intends": True, "ends": True}], True),
        ([{"intends": True, "ends": True}, {"intends": False}], True),
    ],
    ids=["not yet", "in the middle", "at the end", "the second of two"],
)
def test_its_own_runs_tell(tmp_path: Path, begun: list[dict[str, bool]], wrote: bool) -> None:
    run(tmp_path, intends=True)
    task = given(tmp_path)
    names = [run(tmp_path, **one) for one in begun]
    result = task.lost("no worker is there any more")
    assert (result.wrote, [*result.runs]) == (wrote, names)
    assert result.code == (5 if wrote else 70)


def test_a_journal_that_nobody_can_read_may_hold_anything(tmp_path: Path) -> None:
    task = given(tmp_path)
    (tmp_path / "20260701T000000000000-abcd.jsonl").write_text("{}\n")
    result = task.lost("it died")
    assert (result.wrote, result.runs) == (True, ("20260701T000000000000-abcd",))


def test_what_only_reads_looks_at_no_journal(tmp_path: Path) -> None:
    task = given(tmp_path, "plan")
    run(tmp_path, intends=True)
    assert task.lost("it died").wrote is False
