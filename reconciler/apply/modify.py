"""Update and delete rows under their locks; a miss is looked at, not guessed.

============================  ==================================================
the row, read again           what is said
============================  ==================================================
is as desired                 done (another run, or our own lost answer)
columns as planned, version   the lock is refreshed and tried once more (updates
has moved                     only: a delete is not repeated on a changed row)
nothing has changed           refused: the key may lack the right
anything else                 stale: left alone
============================  ==================================================
"""

from dataclasses import replace

from ..change import Action, Change, Row
from ..client import Locks
from ..errors import ApiError, LostAnswerError
from .batches import Batch, locks_of, values_of
from .compare import as_planned, holds, unchanged
from .create import is_about_rows, read_rows, words
from .outcome import Outcome, done, failed, stale
from .run import Run


async def modify(run: Run, batch: Batch, *, refresh: bool = True) -> list[Outcome]:
    """Carry out a batch of updates or deletes."""
    try:
        count = await _send(run, batch, locks_of(batch.kind, batch.changes))
    except LostAnswerError as error:
        return await _look(run, batch, refresh=refresh, otherwise=error)
    except ApiError as error:
        if len(batch.changes) > 1 and is_about_rows(error):
            return await _halve(run, batch, refresh=refresh)
        return [failed(change, words(error), error.hint) for change in batch.changes]
    if count == len(batch.changes):
        return [done(change) for change in batch.changes]
    return await _look(run, batch, refresh=refresh, otherwise=None)


async def _send(run: Run, batch: Batch, locks: Locks) -> int | None:
    if batch.action is Action.DELETE:
        return await run.client.delete(batch.kind, locks)
    return await run.client.update(batch.kind, locks, batch.values)


async def _halve(run: Run, batch: Batch, *, refresh: bool) -> list[Outcome]:
    middle = len(batch.changes) // 2
    first = replace(batch, changes=batch.changes[:middle])
    second = replace(batch, changes=batch.changes[middle:])
    return await modify(run, first, refresh=refresh) + await modify(run, second, refresh=refresh)


async def _look(
    run: Run, batch: Batch, *, refresh: bool, otherwise: LostAnswerError | None
) -> list[Outcome]:
    rows = await read_rows(run, batch.kind, batch.changes)
    outcomes: list[Outcome] = []
    again: list[Change] = []
    for change in batch.changes:
        row = rows.get(str(change.id))
        verdict = _verdict(run, batch, change, row, lost=otherwise is not None)
        if verdict is None and row is not None and refresh:
            again.append(replace_row(change, row))
        else:
            outcomes.append(verdict or stale(change, "the row keeps changing"))
    if again:
        retried = await modify(run, replace(batch, changes=tuple(again)), refresh=False)
        originals = {change.id: change for change in batch.changes}
        outcomes += [replace(o, change=originals[o.change.id]) for o in retried]
    return outcomes


def _verdict(
    run: Run, batch: Batch, change: Change, row: Row | None, *, lost: bool
) -> Outcome | None:
    """Judge one row; None means that the write may be tried once more."""
    kind = batch.kind
    if batch.action is Action.DELETE:
        if row is None:
            return done(change)
        if unchanged(kind, row, change):
            return None if lost else failed(change, *_refused(change))
        return stale(change, "the row was changed since the plan")
    if row is None:
        return stale(change, "the row is gone")
    if holds(kind, row, values_of(change, run.ids)):
        return done(change)
    if unchanged(kind, row, change):
        return None if lost else failed(change, *_refused(change))
    return None if as_planned(kind, row, change) else stale(change, "the row was changed since")


def _refused(change: Change) -> tuple[str, str]:
    return (
        f"the server left the row as it was: {change.action} {change.name}",
        "the API key may lack the right to write there",
    )


def replace_row(change: Change, row: Row) -> Change:
    """Take a row that was read again as the one the change is locked at."""
    return replace(change, row={**(change.row or {}), **row})
