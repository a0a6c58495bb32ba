"""Read what was written where the answer did not show it: many rows at a time."""

from ..catalogue import Kind
from ..client.filters import one_of, value_chunks
from ..diagnostics import ReconcilerError
from ..plan.change import Change
from ..values.column import JSON
from .run import Run
from .watch import to_look_at


async def look_at_unseen(run: Run) -> None:
    """Look at the rows whose writes were answered without them; ends at the first failure.

    They are written: what cannot be read is only not looked at.
    """
    by_kind: dict[str, dict[str, tuple[Change, dict[str, JSON]]]] = {}
    for change, values in run.watch.unseen:
        by_kind.setdefault(change.kind, {})[str(change.id)] = change, dict(values)
    run.watch.unseen.clear()
    if run.stop() or run.abort_reason:
        return
    try:
        for name, changes in by_kind.items():
            await _look(run, run.kinds[name], changes)
    except ReconcilerError:
        return


async def _look(run: Run, kind: Kind, changes: dict[str, tuple[Change, dict[str, JSON]]]) -> None:
    columns = (name for _, values in changes.values() for name in to_look_at(kind, values))
    names = tuple(dict.fromkeys((kind.id_column, *columns)))
    for chunk in value_chunks(changes):
        for row in await run.client.read(kind, names, [one_of(kind.id_column, chunk)]):
            change, values = changes[str(row[kind.id_column])]
            run.watch.look(kind, change, values, row)
