"""Update and delete rows under their locks; a miss is looked at, not guessed.

============================  ==================================================
the row, read again           what is said
============================  ==================================================
is as desired                 done (another run, or our own lost answer)
columns as planned, version   the lock is refreshed and tried once more (updates
has moved                     only: a delete is not repeated on a changed row)
nothing has changed           refused: the key may lack the right; after a lost
                              answer it is tried once more
anything else                 stale: left alone
============================  ==================================================
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..catalogue import is_deleted
from ..client.filters import Locks, RowLock
from ..diagnostics import ApiError, LostAnswerError, ReconcilerError
from ..plan.change import Action, Change
from ..values.sent import Row
from .batches import Batch, values_of
from .compare import as_planned, unchanged
from .compare import written as was_written
from .create import read_rows, unknown
from .outcome import Outcome, done, failed, stale, stopped
from .refused import given_up, refused
from .run import Run
from .splitting import ROLLED_BACK, Budget, is_about_rows, is_about_size
from .watch import differs, to_answer

SHORTEST_URL = 1000
MISSED = "the server changed no such row"
OTHERS = (
    "it, or a proxy before it, leaves out our filter: see what it did to other rows of the kind"
)


@dataclass(frozen=True, slots=True)
class _Written:
    """What the server answered to a write: how many rows it changed, and those it showed, by id."""

    count: int | None
    rows: Mapping[str, Row]


async def modify(run: Run, batch: Batch) -> list[Outcome]:
    """Execute a batch of updates or deletes."""
    return await _modify(run, batch, Budget(), again=True)


async def _modify(run: Run, batch: Batch, budget: Budget, *, again: bool) -> list[Outcome]:
    """Send a batch; ``again`` tells that a lock may still be refreshed."""
    changes = batch.changes
    if run.stop():
        return [stopped(change) for change in changes]
    if batch.weak:
        return await _modify_weakly(run, batch, budget)
    try:
        written = await _send(run, batch, batch.every_lock())
    except LostAnswerError as error:
        return await _look(run, batch, budget, again=again, lost=error)
    except ApiError as error:
        if error.code in ROLLED_BACK and await budget.another_try():
            return await _modify(run, batch, budget, again=again)
        return await _smaller(run, batch, budget, error, again=again)
    if written.count == len(changes):
        return _done(run, batch, written.rows)
    if written.count is not None and written.count > len(changes):
        return _too_many(run, changes, written.count)
    return await _look(run, batch, budget, again=again, lost=None, untouched=written.count == 0)


def _done(run: Run, batch: Batch, rows: Mapping[str, Row]) -> list[Outcome]:
    """Say that all rows were written, and how they are stored."""
    if batch.action is Action.UPDATE and not rows:
        run.watch.miss(batch)
    return [
        done(change, note=run.watch.look(batch.kind, change, batch.values, rows[row_id]))
        if (row_id := str(change.id)) in rows
        else done(change)
        for change in batch.changes
    ]


def _too_many(run: Run, changes: Sequence[Change], count: int) -> list[Outcome]:
    """End a run whose server changes rows that nobody named."""
    why = f"the server changed {count:,} rows where {len(changes):,} were named"
    run.abort(why)
    return [failed(change, why, OTHERS) for change in changes]


async def _send(run: Run, batch: Batch, locks: Locks) -> _Written:
    changes, rows = batch.changes, dict[str, Row]()
    async with run.recorded(changes, [batch.values] * len(changes)) as answered:
        if batch.action is Action.DELETE:
            answered.count = await run.client.delete(batch.kind, locks)
        else:
            values = batch.values
            columns = to_answer(batch.kind, locks, values, batch.bound or run.url_bound)
            answered.count, found = await run.client.update(batch.kind, locks, values, columns)
            rows = {str(row[batch.kind.id_column]): row for row in found}
            if any(differs(batch.kind, values, row) for row in found):
                answered.rows = [rows.get(str(change.id), {}) for change in changes]
    return _Written(answered.count, rows)


async def _smaller(
    run: Run, batch: Batch, budget: Budget, error: ApiError, *, again: bool
) -> list[Outcome]:
    """Send a refused batch in two halves, or one row by a shorter URL, where that may help."""
    changes, too_large = batch.changes, is_about_size(error)
    if not too_large and (len(changes) == 1 or not is_about_rows(error)):
        return refused(batch.kind, changes, error)
    bound = batch.bound
    if too_large:
        bound = max(SHORTEST_URL, bound // 2)
        run.url_bound = min(run.url_bound, bound)
    if len(changes) == 1:
        return await _modify(run, replace(batch, weak=True), budget, again=again)
    if not budget.split():
        return given_up(batch.kind, changes, error)
    middle = len(changes) // 2
    outcomes: list[Outcome] = []
    for half in (changes[:middle], changes[middle:]):
        outcomes += await _modify(run, batch.part(half, bound), budget, again=again)
    return outcomes


async def _modify_weakly(run: Run, batch: Batch, budget: Budget) -> list[Outcome]:
    """Change one row whose old values do not fit into a URL: compared just before, then by id."""
    [change] = batch.changes
    try:
        row = (await read_rows(run, batch.kind, [change])).get(str(change.id))
    except ReconcilerError as error:
        return [failed(change, error.message, error.hint)]
    if row is None or not unchanged(batch.kind, row, change):
        return await _look(run, batch, budget, again=False, lost=None, untouched=True)
    names = dict.fromkeys((batch.kind.id_column, *batch.kind.primary_key))
    lock = RowLock(tuple((name, str(row[name])) for name in names), ())
    try:
        written = await _send(run, batch, (lock,))
    except LostAnswerError as error:
        return await _look(run, batch, budget, again=False, lost=error)
    except ApiError as error:
        return refused(batch.kind, [change], error)
    if written.count is not None and written.count > 1:
        return _too_many(run, [change], written.count)
    if written.count == 0:
        return await _look(run, batch, budget, again=False, lost=None, untouched=True)
    [outcome] = _done(run, batch, written.rows)
    notes = ["locked by its id only: its old values do not fit into a URL", outcome.message]
    return [replace(outcome, message="; ".join(filter(None, notes)))]


async def _look(
    run: Run,
    batch: Batch,
    budget: Budget,
    *,
    again: bool,
    lost: LostAnswerError | None,
    untouched: bool = False,
) -> list[Outcome]:
    """Read the rows of a batch, and judge each; ``untouched`` tells that we changed none."""
    try:
        rows = await read_rows(run, batch.kind, batch.changes)
    except ReconcilerError as unread:
        return unknown(batch.changes, lost.message if lost else MISSED, unread)
    outcomes: list[Outcome] = []
    retry: dict[str, Change] = {}
    may_retry = await budget.another_try_after_loss() if lost else again
    for change in batch.changes:
        row = rows.get(str(change.id))
        verdict = _verdict(run, batch, change, row, lost=lost, untouched=untouched)
        if verdict is not None:
            outcomes.append(verdict)
        elif may_retry and row is not None:
            retry[str(change.id)] = change
        else:
            outcomes.append(_out_of_tries(change, lost))
    if retry:
        fresh = tuple(_locked_at(change, rows[row_id]) for row_id, change in retry.items())
        part = batch.part(fresh, batch.bound)
        retried = await _modify(run, part, budget, again=again and lost is not None)
        outcomes += [replace(o, change=retry[str(o.change.id)]) for o in retried]
    return outcomes


def _verdict(
    run: Run,
    batch: Batch,
    change: Change,
    row: Row | None,
    *,
    lost: LostAnswerError | None,
    untouched: bool,
) -> Outcome | None:
    """Judge one row; None means that the write may be tried once more."""
    kind, delete = batch.kind, batch.action is Action.DELETE
    note = "was so already" if untouched else None
    if row is None or (delete and is_deleted(kind, row)):
        return done(change, note=note) if delete else stale(change, "the row is gone")
    values = {} if delete else values_of(change, run.ids)
    if not delete and was_written(kind, row, change, values):
        stored = run.watch.look(kind, change, values, row)
        return done(change, note="; ".join(filter(None, [note, stored])) or None)
    if unchanged(kind, row, change):
        return None if lost else _without_right(change)
    if not delete and as_planned(kind, row, change):
        return None
    return stale(change, "the row was changed since the plan")


def _without_right(change: Change) -> Outcome:
    message = "the server left the row as it was, and gave no reason"
    return failed(change, message, "the API key may lack the right to write there")


def _out_of_tries(change: Change, lost: LostAnswerError | None) -> Outcome:
    if lost:
        return failed(change, lost.message, lost.hint)
    return stale(change, "the row keeps being changed by somebody else")


def _locked_at(change: Change, row: Row) -> Change:
    """Take a row that was read again as the one the change is locked at."""
    return replace(change, row={**(change.row or {}), **row})
