"""Read both organizations again at the end, and compare them row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ..catalogue import Kind, tenant_of
from ..execution.causes import Cause
from ..exporting import Selection, Spool, read_rows
from ..plan.change import Action
from ..planning.planned import Planned
from ..values.address import Address
from .ends import Ends
from .exclude import Moving
from .prospect import Prospect
from .report import MigrationReport
from .task import Task
from .verify import Expected, Moved, Verification, shared_between_organizations, verify


async def look_back(
    task: Task, ends: Ends, prospect: Prospect, causes: Iterable[Cause]
) -> MigrationReport:
    """Read both organizations again, and compare them from what the source holds now."""
    moving, planned = prospect.moving, prospect.planned
    moved = tuple(_moved(task, moving, planned))
    found = await _verify(task, ends, prospect, moved)
    entries = planned.bindings.entries.items()
    kinds = task.kinds.values()
    return MigrationReport(
        source=ends.source_id,
        target=ends.target_id,
        moved=moved,
        adopted=frozenset(address for address, binding in entries if binding.origin == "adopted"),
        moving=moving,
        sources=task.sources,
        unmoved={kind.name: _why_not(kind) for kind in kinds if not _movable(kind)},
        secrets=tuple(_secrets(task.kinds)),
        errors=dict(Counter({cause.reason: cause.count for cause in causes})),
        stayed=prospect.stayed,
        verification=found,
    )


async def _verify(
    task: Task, ends: Ends, prospect: Prospect, moved: Iterable[Moved]
) -> Verification:
    shared = shared_between_organizations(task.kinds, tenant_of(task.kinds))
    keys = task.exported.keys
    foreign = {row_id for name, ids in keys.items() if name not in shared for row_id in ids}
    by_address = {one.address: one for one in moved}
    expected = Expected(
        keys,
        by_address,
        prospect.moving.skipped,
        frozenset({*foreign, ends.source_id}),
        prospect.planned.bindings.stored,
    )
    with Spool() as spool:
        selection = Selection(task.names)
        await read_rows(spool, ends.source, task.kinds, selection, lambda kind, rows: None)
        spool.odd = [row for row in spool.odd if row.kind not in task.left_kinds]
        for name in task.left_kinds:
            spool.unread.pop(name, None)
        return await verify(spool, ends.target, task.kinds, expected, task.sides.written)


def _moved(task: Task, moving: Moving, planned: Planned) -> Iterator[Moved]:
    """Put the ids of both sides together; what was not created is not moved."""
    cleared: dict[Address, set[str]] = {}
    for one in moving.cleared:
        cleared.setdefault(one.address, set()).add(one.column)
    for owner, column in moving.unsure:
        cleared.setdefault(owner, set()).add(column)
    changes = planned.plan.changes
    waiting = {change.address for change in changes if change.action is Action.CREATE}
    there = {address: row_id for row_id, address in planned.plan.names.items()}
    for address, source in task.sources.items():
        target = there.get(str(address))
        if target and address not in waiting and address in moving.configuration.resources:
            yield Moved(address, source, target, frozenset(cleared.get(address, ())))


def _movable(kind: Kind) -> bool:
    return kind.in_yaml and kind.can_list


def _why_not(kind: Kind) -> str:
    return "it cannot be read" if not kind.can_list else "the API only lists it"


def _secrets(kinds: Mapping[str, Kind]) -> Iterator[str]:
    for kind in kinds.values():
        for column in kind.columns.values():
            if _movable(kind) and column.sensitive:
                yield f"{kind.name}.{column.name}"
