"""How a fleet ended: the exit code of all, and what stops further waves."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from reconciler.diagnostics import Position
from reconciler.fleet.members import Member, StopAfter, Turn
from reconciler.fleet.results import FleetReport, Result, exit_code
from reconciler.fleet.tasks import Access, Task, Yaml
from reconciler.fleet.waves import Halt, drive

ID = "0d9cbb5e-62a4-4f0e-8d7b-00000000000a"


def result(code: int, *, wrote: bool = False, name: str = "a") -> Result:
    return Result(name, ID, code, "done", wrote=wrote)


@pytest.mark.parametrize(
    ("codes", "wrote", "expected"),
    [
        ([0, 0], [], 0),
        ([0, 0], [0], 0),
        ([0, 2], [], 2),
        ([0, 6, 2], [], 6),
        ([2, 6, 3], [], 3),
        ([3, 4], [], 4),
        ([4, 1], [], 1),
        ([1, 5], [], 5),
        ([5, 70], [], 70),
        ([70, 130], [], 130),
        ([0, 1], [0], 5),
        ([0, 2], [0], 5),
        ([3, 0, 4], [1], 5),
        ([0, 70], [0], 70),
        ([0, 130], [0], 130),
        ([], [], 0),
    ],
)
def test_the_worst_code_counts(codes: list[int], wrote: list[int], expected: int) -> None:
    results = [result(code, wrote=number in wrote) for number, code in enumerate(codes)]
    assert exit_code(results) == expected
    assert FleetReport(tuple(results), "apply").exit_code == expected


def test_a_result_is_data_and_comes_back() -> None:
    whole = Result("a", ID, 5, "failed", "canary", counts={"create": 2}, runs=("r",), wrote=True)
    assert Result.from_document(whole.as_document()) == whole


def test_a_task_is_data_and_comes_back() -> None:
    yaml = Yaml("/b", ("/o",), ("/f",), {"A": "1"}, policies=("/p",))
    task = Task("apply", "a", ID, "canary", yaml, Access("http://x", 1, 2, 3), "/r", "/keys")
    assert Task.from_document(task.as_document()) == task


class Scripted:
    """Ends tasks as a script says: their code, and whether they wrote."""

    def __init__(self, script: dict[str, tuple[int, bool]], at_once: int) -> None:
        self.begun: list[str] = []
        self._script = script
        self._at_once = at_once

    async def run(self, tasks: Iterable[Task]) -> AsyncIterator[Result]:
        flying: list[Task] = []
        waiting = iter(tasks)
        while True:
            while len(flying) < self._at_once and (task := next(waiting, None)):
                self.begun.append(task.name)
                flying.append(task)
            if not flying:
                return
            task = flying.pop(0)
            code, wrote = self._script.get(task.name, (0, True))
            yield result(code, wrote=wrote, name=task.name)

    async def stop(self) -> None:
        pass


TURNS = {"canary": "a", "rest 1 of 2": "bcd", "rest 2 of 2": "ef"}
FAILS, REFUSED = (5, True), (1, False)


@pytest.mark.parametrize(
    ("script", "stop_after", "at_once", "begun"),
    [
        ({}, StopAfter(), 1, "abcdef"),
        ({"a": FAILS}, StopAfter(), 1, "a"),
        ({"a": REFUSED}, StopAfter(), 1, "abcdef"),
        ({"a": REFUSED}, StopAfter(not_started=1), 1, "a"),
        ({"a": REFUSED, "b": REFUSED}, StopAfter(not_started=2), 1, "ab"),
        ({"b": FAILS}, StopAfter(), 1, "ab"),
        ({"b": FAILS}, StopAfter(), 2, "abc"),
        ({"b": FAILS}, StopAfter(2), 1, "abcdef"),
        ({"b": FAILS, "d": FAILS}, StopAfter(2), 1, "abcd"),
        ({"d": FAILS, "b": REFUSED}, StopAfter(), 3, "abcd"),
    ],
)
def test_no_later_organization_begins_where_earlier_ones_went_wrong(
    script: dict[str, tuple[int, bool]], stop_after: StopAfter, at_once: int, begun: str
) -> None:
    runner, told = Scripted(script, at_once), list[str]()
    turns = [
        Turn(wave, tuple(Member(name, ID, Position("f", 1, 1)) for name in names))
        for wave, names in TURNS.items()
    ]

    def task_of(member: Member, wave: str) -> Task:
        return Task("apply", member.name, ID, wave, Yaml("/b"), Access("", 0, 0, 0), "/")

    async def driven() -> dict[str, str]:
        ends = drive(turns, runner, task_of, Halt(stop_after), told.append)
        return {one.name: one.state async for one in ends}

    states = asyncio.run(driven())
    assert "".join(runner.begun) == "".join(told) == begun
    assert [name for name, state in states.items() if state == "skipped"] == [
        *"abcdef"[len(begun) :]
    ]
    assert sorted(states) == [*"abcdef"]
