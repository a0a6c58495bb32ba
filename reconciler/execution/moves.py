"""Let unique values move inside one plan: two codes swapped, a code of a row that is deleted later.

What was refused because another row of the plan has its value is tried again when that row has
let go of it. Where nobody can go first, one of them takes a third value for a moment::

    a: X → Y    refused, b has Y         b: Y → (third value)
    b: Y → X    refused, a has X         a: X → Y,  b: (third value) → X

Each step is in the journal. A run that dies between two of them is finished by the next one: what
it wrote is a difference like any other.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..diagnostics import ReconcilerError
from ..plan.change import Action, Change, Difference
from ..values.column import JSON
from ..values.sent import Row
from .batches import Batch, values_of
from .create import create, read_rows
from .modify import modify
from .outcome import Outcome, State, failed
from .run import Run


@dataclass(frozen=True, slots=True)
class _Aside:
    """A row that holds a third value in a column for now, and what it held before."""

    change: Change
    column: str
    old: str
    row: Row


@dataclass(slots=True)
class _Moves:
    run: Run
    waiting: dict[int, Outcome]
    aside: list[_Aside] = field(default_factory=list)
    moved: set[tuple[int, str]] = field(default_factory=set)
    settled: dict[int, Outcome] = field(default_factory=dict)

    def outcome_of(self, change: Change) -> Outcome | None:
        """Say how a change ended, None while it has not."""
        return self.settled.get(id(change)) or self.run.outcome_of(change)

    def settle(self, outcome: Outcome) -> None:
        """Take a change off the list."""
        del self.waiting[id(outcome.change)]
        self.settled[id(outcome.change)] = outcome


def may_move(run: Run, outcome: Outcome) -> bool:
    """Tell whether a refusal is about a value that another row of the plan has to let go of."""
    return bool(outcome.taken) and any(_having(run, outcome))


async def make_way(run: Run, refusals: Sequence[Outcome]) -> list[Outcome]:
    """Execute changes that were refused for each other; once begun it is not stopped.

    Which of them comes first does not depend on which answer came first.
    """
    refused = sorted(refusals, key=lambda outcome: outcome.change.name)
    moves = _Moves(run, {id(outcome.change): outcome for outcome in refused})
    asked, run.stop = run.stop, lambda: False
    try:
        while moves.waiting:
            await _one_round(moves)
        for one in moves.aside:
            await _put_back(moves, one)
    finally:
        run.stop = asked
    return list(moves.settled.values())


async def _one_round(moves: _Moves) -> None:
    """Settle at least one change, or move a row aside for one."""
    before = len(moves.waiting)
    for outcome in list(moves.waiting.values()):
        if not any(_blockers(moves, outcome)):
            await _try_again(moves, outcome.change)
    if len(moves.waiting) < before or not moves.waiting:
        return
    first = next(iter(moves.waiting.values()))
    for other, column in list(_blockers(moves, first)):
        why = _why_not(moves, other, column) or await _move_aside(moves, other, column)
        if why:
            _give_up(moves, first, other, column, why)
            return


def _having(run: Run, refusal: Outcome) -> Iterator[tuple[Change, str]]:
    """Find the changes whose rows have a value that a refused one is to set, and the columns."""
    for name in sorted(refusal.taken & refusal.change.columns.keys()):
        value = refusal.change.columns[name].after
        if isinstance(value, str):
            for other in run.holding(refusal.change.kind, name, value):
                if other is not refusal.change:
                    yield other, name


def _blockers(moves: _Moves, refusal: Outcome) -> Iterator[tuple[Change, str]]:
    """Give those that have not let go of the value yet."""
    for other, name in _having(moves.run, refusal):
        outcome = moves.outcome_of(other)
        done = outcome is not None and outcome.state is State.DONE
        if not (done or (id(other), name) in moves.moved):
            yield other, name


def _why_not(moves: _Moves, other: Change, column: str) -> str | None:
    """Say why a row may not take a third value."""
    run, kind = moves.run, moves.run.kinds[other.kind]
    if not kind.columns[column].interim or "update" not in kind.verbs:
        return f"a third {column} is not safe"
    outcome = moves.outcome_of(other)
    if outcome is not None and id(other) not in moves.waiting:
        return f"{other.name} was not done"
    return None if run.is_lasting(other) else "nothing but that value tells which row it is"


async def _move_aside(moves: _Moves, other: Change, column: str) -> str | None:
    """Give a row a third value; answers why that could not be done."""
    run = moves.run
    now = run.as_it_is(other)
    old = str((now.row or {})[column])
    outcome = await _set(run, now, column, old, _third(other))
    if outcome.state is not State.DONE:
        return outcome.message or "it was refused"
    row = await _read(run, now)
    if row is None:
        return "it cannot be read any more"
    moves.aside.append(_Aside(other, column, old, row))
    moves.moved.add((id(other), column))
    run.moved(other, row, aside=True)
    return None


async def _read(run: Run, change: Change) -> Row | None:
    """Read a row that this run has just changed; None where that fails."""
    try:
        row = (await read_rows(run, run.kinds[change.kind], [change])).get(str(change.id))
    except ReconcilerError:
        return None
    return None if row is None else {**(change.row or {}), **row}


async def _put_back(moves: _Moves, one: _Aside) -> None:
    """Give a row its old value back, unless it got its new one or another has the old one now."""
    run = moves.run
    outcome = moves.outcome_of(one.change)
    if outcome is not None and outcome.state is State.DONE:
        return
    taken = any(
        found.state is State.DONE and found.change.columns[one.column].after == one.old
        for found in moves.settled.values()
        if one.column in found.change.columns and found.change is not one.change
    )
    if taken:
        return
    back = run.as_it_is(one.change)
    result = await _set(run, back, one.column, one.row[one.column], one.old)
    row = await _read(run, back) if result.state is State.DONE else None
    if row is not None:
        run.moved(one.change, row, aside=False)


async def _set(run: Run, change: Change, column: str, before: JSON, after: str) -> Outcome:
    step = Change(
        kind=change.kind,
        action=Action.UPDATE,
        address=change.address,
        id=change.id,
        columns={column: Difference(before, after)},
        row=change.row,
    )
    kind = run.kinds[change.kind]
    [outcome] = await modify(run, Batch(kind, Action.UPDATE, (step,), {column: after}))
    return outcome


async def _try_again(moves: _Moves, change: Change) -> None:
    run, kind = moves.run, moves.run.kinds[change.kind]
    now = run.as_it_is(change)
    if change.action is Action.CREATE:
        outcomes = await create(run, Batch(kind, Action.CREATE, (now,), {}))
    else:
        outcomes = await modify(run, Batch(kind, Action.UPDATE, (now,), values_of(now, run.ids)))
    [outcome] = outcomes
    moves.settle(replace(outcome, change=change))


def _give_up(moves: _Moves, first: Outcome, other: Change, column: str, why: str) -> None:
    message = f"{first.message}; {other.name} has that {column}, and {why}"
    hint = (
        f"apply in two steps: give {other.name} another {column} (or let it go), then"
        f" {first.change.name} this one"
    )
    moves.settle(failed(first.change, message, hint))


def _third(change: Change) -> str:
    """Make a value that no other row has; the same again if the run is repeated."""
    return "MOVING" + hashlib.sha256(str(change.id).encode()).hexdigest()[:12].upper()
