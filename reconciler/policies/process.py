"""Judge in a child process that is bounded, and killed: expressions come from pull requests.

An evaluation has 50 ms of the processor, not of the clock: a busy machine breaks no policy. The
system ends the process that takes more; whoever was at work then is cut off, and the others are
judged on by another process. All of it together has 60 seconds of the clock.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import orjson

from ..configuration.load.problems import MOST
from ..diagnostics import UsageError
from ..diagnostics.installing import how_to_install
from ..plan.verdicts import MOST_NAMED
from . import child

MEMORY = 512 * 1024 * 1024
SECONDS_EACH = 0.05
SECONDS_ALL = 60.0
ALL_ROWS = -1
"""The number of a row that stands for all of them."""

_KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
_TOO_SLOW = -signal.SIGVTALRM
_OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)


class Task(NamedTuple):
    """Expressions by the number of their policy, and the lines that each of them is judged on.

    ``partial`` are the numbers of lines of which something is not known yet.
    """

    sources: Mapping[int, str]
    lines: Sequence[bytes]
    partial: frozenset[int] = frozenset()


class Outcome(NamedTuple):
    """What was not found true: ``sort`` is false, error, no boolean, syntax or cut off."""

    policy: int
    row: int
    sort: str
    text: str


class Rest(NamedTuple):
    """How many outcomes of a policy were only counted, of one sort and on lines of one sort."""

    policy: int
    sort: str
    partial: bool
    number: int


class Judged(NamedTuple):
    """The outcomes that are named, the first of each policy, and how many more there are."""

    outcomes: list[Outcome]
    rest: tuple[Rest, ...]


class Bounds(NamedTuple):
    """What judging may take: bytes, seconds of the processor for each evaluation, and for all.

    ``named`` outcomes of each policy have a name, and more, as long as all are no more than
    ``listed``. What is beyond is counted.
    """

    memory: int = MEMORY
    each: float = SECONDS_EACH
    all: float = SECONDS_ALL
    named: int = MOST_NAMED
    listed: int = MOST


class _Spot(NamedTuple):
    """Where to begin: a group, a row of it, and the policies that saw this row already."""

    group: int
    row: int
    after: int


def judge_apart(tasks: Sequence[Task], bounds: Bounds | None = None) -> Judged:
    """Evaluate all; raises UsageError where the engine is not installed."""
    check_engine()
    rules = [policy for task in tasks for policy in task.sources]
    with tempfile.TemporaryFile() as file:
        file.truncate(child.Board.size(max(rules, default=0) + 1))
        board = child.Board(file.fileno())
        outcomes = _outcomes(tasks, bounds or Bounds(), _Shared(file.fileno(), board))
        rest = tuple(_rest(rules, board))
        board.close()
    return Judged(outcomes, rest)


def _outcomes(tasks: Sequence[Task], bounds: Bounds, shared: "_Shared") -> list[Outcome]:
    deadline = monotonic() + bounds.all
    outcomes: list[Outcome] = []
    cut: set[int] = set()
    spot = _Spot(0, 0, -1)
    while open_policies := {p for task in tasks for p in task.sources} - cut:
        answer = _run(tasks, cut, spot, bounds, deadline, shared)
        outcomes += answer.outcomes
        if answer.ended:
            break
        cut |= {one.policy for one in answer.outcomes if one.sort == "syntax"}
        if answer.policy not in open_policies or monotonic() >= deadline:
            late = monotonic() >= deadline
            outcomes += _unfinished(tasks, cut, answer, bounds if late else None)
            break
        cut.add(answer.policy)
        outcomes.append(Outcome(answer.policy, answer.row, "cut off", answer.why))
        spot = _next(tasks, answer, spot)
    return outcomes


def check_engine() -> None:
    """Raise UsageError where the engine is not there."""
    from importlib.util import find_spec

    if find_spec("cel") is None:
        raise UsageError(
            "there are policies, but what judges them is not installed",
            hint=how_to_install("policies"),
        )


def _rest(rules: Sequence[int], board: child.Board) -> Iterator[Rest]:
    for policy in rules:
        for sort in child.SORTS:
            for partial in (False, True):
                number = board.counted(policy, sort, partial)
                if number:
                    yield Rest(policy, sort, partial, number)


class _Shared(NamedTuple):
    """The board that all processes write on, one after the other, and its file."""

    file: int
    board: child.Board


class _Answer(NamedTuple):
    """What one process told; where it did not end by itself, what it was at, and why it ended."""

    outcomes: list[Outcome]
    ended: bool
    policy: int
    row: int
    why: str


def _run(
    tasks: Sequence[Task],
    cut: set[int],
    spot: _Spot,
    bounds: Bounds,
    deadline: float,
    shared: _Shared,
) -> _Answer:
    shared.board.is_at(-1, child.NOWHERE)
    text = b"\n".join(_lines(tasks, cut, spot, bounds))
    out, code = _communicate(shared.file, text, deadline)
    policy, row = shared.board.at()
    told = [orjson.loads(line) for line in out.splitlines() if line.endswith(b"]")]
    ended = bool(told) and told[-1] == ["end"]
    # a source may be compiled twice, for a row that others have seen already
    outcomes = list(dict.fromkeys(Outcome(*one) for one in told if len(one) > 1))
    return _Answer(outcomes, ended, policy, row, _why(code, bounds))


def _communicate(board: int, text: bytes, deadline: float) -> tuple[bytes, int]:
    """Let a process judge; of the environment, where the API key may be, it gets what it needs."""
    process = subprocess.Popen(  # noqa: S603 (our own script)
        [sys.executable, "-P", str(Path(child.__file__)), str(board)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(board,),
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        start_new_session=True,
    )
    with process:
        try:
            out, _ = process.communicate(text, timeout=max(deadline - monotonic(), 0.001))
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    return out, process.returncode


def _lines(tasks: Sequence[Task], cut: set[int], spot: _Spot, bounds: Bounds) -> Iterator[bytes]:
    groups = [
        [(policy, source) for policy, source in task.sources.items() if policy not in cut]
        for task in tasks
    ]
    # a row that some policies have seen already is a group of its own, of the others
    rest = [one for one in groups[spot.group] if one[0] > spot.after]
    named = [bounds.named, bounds.listed]
    header = {"memory": bounds.memory, "seconds": bounds.each, "named": named}
    yield orjson.dumps({**header, "groups": [*groups, rest]})
    for number, task in enumerate(tasks):
        if number < spot.group or not groups[number]:
            continue
        for row, line in enumerate(task.lines):
            if number == spot.group and row < spot.row:
                continue
            again = number == spot.group and row == spot.row and spot.after >= 0
            group, partial = len(groups) if again else number, row in task.partial
            yield b"[%d,%d,%s,%d]" % (group, row, line, partial)


def _next(tasks: Sequence[Task], answer: _Answer, spot: _Spot) -> _Spot:
    """Say where the next process begins."""
    if answer.row < 0:
        return spot
    group = next(n for n, task in enumerate(tasks) if answer.policy in task.sources)
    return _Spot(group, answer.row, answer.policy)


def _unfinished(
    tasks: Sequence[Task], cut: set[int], answer: _Answer, late: Bounds | None
) -> Iterator[Outcome]:
    """Say which policies were not judged to the end, so that none counts as kept."""
    why = answer.why
    if late:
        why = f"all policies together took more than {late.all:g} seconds"
    at = next((n for n, task in enumerate(tasks) if answer.policy in task.sources), 0)
    for number, task in enumerate(tasks):
        for policy in task.sources:
            if number >= at and policy not in cut:
                yield Outcome(policy, ALL_ROWS, "cut off", why)


def _why(code: int, bounds: Bounds) -> str:
    if code == _TOO_SLOW:
        return f"it took more than {bounds.each * 1000:g} ms"
    if code in _OUT_OF_MEMORY:
        return f"it needs more than {bounds.memory >> 20} MiB, or was killed"
    return "its process ended before it was done"
