"""Create rows in arrays; a lost answer or a taken id is settled by reading the ids."""

from collections.abc import Iterable

from ..change import Change, Row
from ..client import one_of, value_chunks
from ..errors import ApiError, LostAnswerError
from ..kind import Kind
from .batches import Batch, body_of, values_of
from .compare import holds
from .outcome import Outcome, done, failed
from .run import Run

TRIES = 3
_TAKEN = "23505"


async def create(run: Run, batch: Batch) -> list[Outcome]:
    """Create the rows of a batch; bad rows are found by halving, the good ones go in."""
    left = list(batch.changes)
    outcomes: list[Outcome] = []
    for _ in range(TRIES):
        try:
            return outcomes + await _post(run, batch.kind, left)
        except LostAnswerError as error:
            lost: ApiError = error
        except ApiError as error:
            if error.code != _TAKEN:
                return outcomes + await _halve(run, batch.kind, left, error)
            lost = error
        there = await _already_there(run, batch.kind, left)
        outcomes += [done(change) for change in there]
        left = [change for change in left if change not in there]
        if not left:
            return outcomes
        if lost.code == _TAKEN and not there:
            return outcomes + await _halve(run, batch.kind, left, lost)
    return outcomes + [failed(change, lost.message, lost.hint) for change in left]


def is_about_rows(error: ApiError) -> bool:
    """Tell whether the server refused what a row says, rather than the whole request."""
    code = error.code or ""
    return code.startswith(("22", "23")) or code == "P0001"


async def _post(run: Run, kind: Kind, changes: list[Change]) -> list[Outcome]:
    rows = [body_of(change, kind, run.ids, run.organization) for change in changes]
    stored = await run.client.create(kind, rows)
    if stored is None:
        return [done(change) for change in changes]
    return [
        done(change, str(row[kind.id_column])) for change, row in zip(changes, stored, strict=True)
    ]


async def _halve(run: Run, kind: Kind, changes: list[Change], error: ApiError) -> list[Outcome]:
    if len(changes) == 1 or not is_about_rows(error):
        return [failed(change, words(error), error.hint) for change in changes]
    middle = len(changes) // 2
    halves = (tuple(changes[:middle]), tuple(changes[middle:]))
    outcomes: list[Outcome] = []
    for half in halves:
        outcomes += await create(run, Batch(kind, half[0].action, half, {}))
    return outcomes


async def _already_there(run: Run, kind: Kind, changes: list[Change]) -> list[Change]:
    """Find the changes whose rows exist with the values that were sent."""
    rows = await read_rows(run, kind, changes)
    return [
        change
        for change in changes
        if (row := rows.get(str(change.id))) is not None
        and holds(kind, row, values_of(change, run.ids))
    ]


async def read_rows(run: Run, kind: Kind, changes: Iterable[Change]) -> dict[str, Row]:
    """Read the rows of changes anew, by id, with all their columns."""
    ids = [change.id for change in changes if change.id]
    rows: dict[str, Row] = {}
    for chunk in value_chunks(ids):
        found = await run.client.read(kind, ["*"], [one_of(kind.id_column, chunk)])
        rows.update((str(row[kind.id_column]), row) for row in found)
    return rows


def words(error: ApiError) -> str:
    """Put the server's words into one line: code, message, details."""
    code = f" [{error.code}]" if error.code else ""
    details = f" ({error.details})" if error.details else ""
    return f"{error.message}{code}{details}"
