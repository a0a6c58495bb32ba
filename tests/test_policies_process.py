"""The process that judges is bounded: what is cut off is broken, the others are judged on."""

import os
from pathlib import Path

import pytest

from reconciler.policies.process import Bounds, Outcome, Task, judge_apart
from tests.policy_files import SLOW, needs_engine

pytestmark = needs_engine
ROWS = [b'{"kind":"a"}', b'{"kind":"b"}', b'{"kind":"a"}']
LARGE = "'" + "a" * 200 + "'"
for _ in range(9):
    LARGE = f"[{LARGE}].map(x, x + x + x + x + x + x + x + x)[0]"


def told(tasks: list[Task], **bounds: float) -> list[tuple[int, int, str]]:
    found = judge_apart(tasks, Bounds(**bounds)).outcomes  # type: ignore[arg-type]
    return [(one.policy, one.row, one.sort) for one in found]


@pytest.mark.parametrize(
    ("sources", "outcomes"),
    [
        ({0: "kind == 'a'"}, [(0, 1, "false")]),
        ({0: "kind"}, [(0, 0, "no boolean"), (0, 1, "no boolean"), (0, 2, "no boolean")]),
        ({0: "gone == 1"}, [(0, 0, "error"), (0, 1, "error"), (0, 2, "error")]),
        ({0: "kind =="}, [(0, -1, "syntax")]),
        ({0: "[" * 4000, 1: "kind != 'b'"}, [(0, -1, "syntax"), (1, 1, "false")]),
        ({0: SLOW, 1: "kind != 'b'"}, [(0, 0, "cut off"), (1, 1, "false")]),
        ({0: "kind != 'b'", 1: SLOW}, [(1, 0, "cut off"), (0, 1, "false")]),
        (
            {0: f"kind == 'a' || {SLOW}", 1: "kind != 'b'", 2: SLOW},
            [(2, 0, "cut off"), (0, 1, "cut off"), (1, 1, "false")],
        ),
    ],
)
def test_what_is_told(sources: dict[int, str], outcomes: list[tuple[int, int, str]]) -> None:
    assert told([Task(sources, ROWS)]) == outcomes


def test_the_groups_behind_a_policy_that_was_cut_off_are_judged() -> None:
    tasks = [Task({0: "kind != 'a'"}, ROWS), Task({1: SLOW}, ROWS), Task({2: "kind != 'b'"}, ROWS)]
    assert told(tasks) == [(0, 0, "false"), (0, 2, "false"), (1, 0, "cut off"), (2, 1, "false")]


def test_each_policy_has_outcomes_that_are_named_and_the_others_are_counted() -> None:
    sources = {
        0: "gone == 1", 1: "kind == 'a'", 2: "kind", 3: "kind == 'a' && false",
        4: f"kind == 'a' || {SLOW}",
    }  # fmt: skip
    tasks = [Task(sources, [*ROWS, *ROWS], frozenset({4, 5}))]
    found = judge_apart(tasks, Bounds(named=2, listed=5))
    assert [(one.policy, one.row, one.sort) for one in found.outcomes] == [
        (0, 0, "error"), (2, 0, "no boolean"), (3, 0, "false"),
        (0, 1, "error"), (1, 1, "false"), (2, 1, "no boolean"), (3, 1, "false"),
        (4, 1, "cut off"), (1, 4, "false"),
    ]  # fmt: skip
    assert found.rest == (
        (0, "error", False, 2), (0, "error", True, 2),
        (2, "no boolean", False, 2), (2, "no boolean", True, 2),
        (3, "false", False, 2), (3, "false", True, 2),
    )  # fmt: skip


def test_memory_has_a_bound() -> None:
    tasks = [Task({0: f"size({LARGE}) > 0", 1: "kind != 'b'"}, ROWS)]
    found = told(tasks, memory=200 << 20, each=30)
    assert [one for one in found if one[0] == 1] == [(1, 1, "false")]
    assert {sort for policy, _, sort in found if policy == 0} <= {"cut off", "error"}
    assert any(policy == 0 for policy, _, _ in found)


def test_all_together_have_a_time() -> None:
    found = judge_apart([Task({0: SLOW, 1: "true"}, ROWS)], Bounds(each=60, all=0.3)).outcomes
    why = "all policies together took more than 0.3 seconds"
    assert found == [Outcome(0, -1, "cut off", why), Outcome(1, -1, "cut off", why)]


def test_the_process_gets_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOOKINGMOOD_API_KEY", "key")
    seen = tmp_path / "seen"
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\nenv > {seen}\n")
    fake.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(fake))
    judge_apart([Task({0: "true"}, ROWS)])
    assert "PATH" in seen.read_text()
    assert "BOOKINGMOOD" not in seen.read_text()
    assert os.environ["BOOKINGMOOD_API_KEY"] == "key"


def test_a_process_that_does_not_work_breaks_every_policy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    assert told([Task({0: "true", 1: "true"}, ROWS)]) == [(0, -1, "cut off"), (1, -1, "cut off")]
