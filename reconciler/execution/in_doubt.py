"""Rows that a killed run made, and did not live to bind: the server chose their ids.

The journal holds what was sent. A row that has that natural key now, and was not there before, came
of it, whatever its block is called by now.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from ..catalogue import Kind
from ..journal.read import creates_in_doubt
from ..journal.records import JournalEntry
from ..plan.change import Action, Change, Difference
from ..values.sent import Sent
from .run import Run
from .special import matching


async def rows_in_doubt(run: Run, changes: Iterable[Change]) -> frozenset[tuple[str, str]]:
    """Find, as (kind, id), the rows to be adopted that an earlier run of ours made.

    Raises ReconcilerError where that cannot be looked at.
    """
    adopted = frozenset(
        (change.kind, str(change.id))
        for change in changes
        if change.action is Action.ADOPT and run.kinds[change.kind].server_chooses_id
    )
    if not adopted:
        return frozenset()
    folder, owner = run.journal.path.parent, run.owner
    begun = creates_in_doubt(
        folder, owner.organization, owner.stack, run.kinds, but=run.journal.run
    )
    of_kinds = {kind for kind, _ in adopted}
    made = [row for entry in begun if entry.kind in of_kinds for row in await _made(run, entry)]
    return adopted.intersection(made)


async def _made(run: Run, entry: JournalEntry) -> list[tuple[str, str]]:
    """Name the rows that came of a create: one that was answered, or those that it explains."""
    kind = run.kinds[entry.kind]
    if entry.stored is not None:
        return [(kind.name, str(entry.stored.get(kind.id_column)))]
    rows = await matching(run, kind, _as_sent(entry, kind))
    return [(kind.name, row_id) for row_id in rows if row_id not in entry.matching]


def _as_sent(entry: JournalEntry, kind: Kind) -> Change:
    sent = cast("Mapping[str, Sent]", entry.after).items()
    return Change(
        kind=kind.name,
        action=Action.CREATE,
        address=entry.address,
        id=None,
        columns={name: Difference(None, value) for name, value in sent if name in kind.columns},
        inputs={name: value for name, value in sent if name in kind.inputs},
    )
