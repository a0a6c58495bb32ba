"""Create rows in arrays; a lost answer or a taken id is settled by reading the ids."""

from collections.abc import Iterable, Mapping

from ..catalogue import Kind
from ..client.filters import one_of, value_chunks
from ..diagnostics import ApiError, LostAnswerError, ReconcilerError
from ..plan.change import Change
from ..values.column import JSON
from ..values.sent import Row
from ..values.stored import as_sent
from .batches import Batch, bodies_of, values_of
from .compare import written
from .outcome import Outcome, done, failed, stopped
from .refused import TAKEN, given_up, refused
from .run import Run
from .splitting import ROLLED_BACK, Budget, is_about_rows, is_about_size
from .watch import to_look_at

_ROOM_BESIDE = 500
"""Characters of a URL that ids do not take: the path, the columns, the order."""


async def create(run: Run, batch: Batch) -> list[Outcome]:
    """Create the rows of a batch; bad rows are found by halving, the good ones go in."""
    return await _create(run, batch.kind, list(batch.changes), Budget())


async def _create(
    run: Run, kind: Kind, changes: list[Change], budget: Budget, *, looked: bool = False
) -> list[Outcome]:
    """Send rows until each has an outcome; ``looked`` tells that none of their ids was taken."""
    left, outcomes = changes, list[Outcome]()
    while not run.stop():
        try:
            return outcomes + await _post(run, kind, left)
        except LostAnswerError as error:
            reason: ApiError = error
        except ApiError as error:
            if error.code in ROLLED_BACK and await budget.another_try():
                continue
            if error.code != TAKEN or (looked and len(left) > 1):
                return outcomes + await _halve(run, kind, left, error, budget)
            reason = error
        lost = isinstance(reason, LostAnswerError)
        looked = looked and not lost  # what was lost may be done yet
        try:
            there = await _already_there(run, kind, left)
        except ReconcilerError as unread:
            return outcomes + unknown(left, reason.message, unread)
        note = None if lost else "was there already"
        outcomes += [done(change, note=note) for change in there]
        left = [change for change in left if change not in there]
        if not left:
            return outcomes
        if not (lost or there):
            return outcomes + await _halve(run, kind, left, reason, budget)
        if lost and not await budget.another_try_after_loss():
            return outcomes + [failed(change, reason.message, reason.hint) for change in left]
    return outcomes + [stopped(change) for change in left]


async def _post(run: Run, kind: Kind, changes: list[Change]) -> list[Outcome]:
    rows = bodies_of(changes, kind, run.ids, run.owner.organization)
    async with run.recorded(changes, rows) as answered:
        stored = await run.client.create(kind, rows) or []
        answered.rows = [_to_remember(kind, *pair) for pair in zip(rows, stored, strict=False)]
    if len(stored) != len(changes):
        return [done(change) for change in changes]
    looked_at = to_look_at(kind, rows[0])  # all have the same columns
    outcomes: list[Outcome] = []
    for change, body, row, otherwise in zip(changes, rows, stored, answered.rows, strict=True):
        # what is stored as it was sent says something only where another form was known
        names = looked_at if run.watch.knows_forms else [n for n in looked_at if n in otherwise]
        note = run.watch.look(kind, change, body, row, names)
        outcomes.append(done(change, str(row[kind.id_column]), note=note))
    return outcomes


def _to_remember(kind: Kind, body: Mapping[str, JSON], row: Row) -> Row:
    """Leave out of an answer what the journal knows already: the values as they were sent."""
    id_column, columns = kind.id_column, kind.columns
    return {
        name: value
        for name, value in row.items()
        if name not in body or name == id_column or not as_sent(body[name], value, columns[name])
    }


async def _halve(
    run: Run, kind: Kind, changes: list[Change], error: ApiError, budget: Budget
) -> list[Outcome]:
    too_large = is_about_size(error)
    if len(changes) == 1 or not (too_large or is_about_rows(error)):
        return refused(kind, changes, error)
    if not budget.split():
        return given_up(kind, changes, error)
    middle = len(changes) // 2
    if too_large:
        run.rows_per_create = min(run.rows_per_create, middle)
    looked = error.code == TAKEN
    first = await _create(run, kind, changes[:middle], budget, looked=looked)
    return first + await _create(run, kind, changes[middle:], budget, looked=looked)


async def _already_there(run: Run, kind: Kind, changes: list[Change]) -> list[Change]:
    """Find the changes whose rows exist with the values that were sent."""
    rows = await read_rows(run, kind, changes)
    return [
        change
        for change in changes
        if (row := rows.get(str(change.id))) is not None
        and written(kind, row, change, values_of(change, run.ids))
    ]


def unknown(changes: Iterable[Change], why: str, unread: ReconcilerError) -> list[Outcome]:
    """Say of rows that nobody knows what became of them, since they cannot be read either."""
    message = f"{why}, and it cannot be looked at: {unread.message}"
    return [failed(change, message, unread.hint) for change in changes]


async def read_rows(run: Run, kind: Kind, changes: Iterable[Change]) -> dict[str, Row]:
    """Read the rows of changes anew, by id, with all their columns."""
    rows: dict[str, Row] = {}
    room = run.url_bound - _ROOM_BESIDE
    for chunk in value_chunks((change.id for change in changes if change.id), room=room):
        found = await run.client.read(kind, ["*"], [one_of(kind.id_column, chunk)])
        rows.update((str(row[kind.id_column]), row) for row in found)
    return rows
