"""Plan on the target, leaving out what turns out not to be movable there."""

from dataclasses import dataclass, replace

from ..client.protocols import Reader
from ..diagnostics import PlanError
from ..planning.folder import plan_folder
from ..planning.planned import Planned
from ..values.address import Address
from ..values.fixpoint import Progress
from .exclude import LEFT, Moving, Skipped, settle
from .sides import deletes_of, keep_theirs, without_deletes
from .task import Task


@dataclass(frozen=True, slots=True)
class Prospect:
    """A plan for the target, with what was left out of it and which rows stay there."""

    moving: Moving
    planned: Planned
    stayed: tuple[Address, ...]
    others: int


async def plan_on(task: Task, target: Reader) -> Prospect:
    """Plan on the target, leaving out what turns out not to be movable there."""
    moving, planned = await _settled(task, target)
    deletes = deletes_of(planned.plan, task.kinds, task.gone(), task.sides)
    plan = without_deletes(planned.plan, deletes.wanted)
    return Prospect(moving, replace(planned, plan=plan), deletes.conflicts, deletes.others)


async def _settled(task: Task, target: Reader) -> tuple[Moving, Planned]:
    moving, progress = task.everything, Progress("planning the migration")
    while True:
        progress.insist(moving.decided)
        try:
            planned = await plan_folder(moving.configuration, target, task.kinds, spare_odd=True)
        except PlanError as error:
            reduced = settle(moving, task.kinds, error)
            if reduced is None:
                raise
            moving = reduced
            continue
        reduced = settle(moving, task.kinds, PlanError((), planned.plan.notes)) or keep_theirs(
            moving, planned.plan, task.kinds, task.sides
        )
        if reduced is None:
            return _left_behind(moving, task), planned
        moving = reduced


def _left_behind(moving: Moving, task: Task) -> Moving:
    """Take rows that people named for decided, whatever keeps them from being moved."""
    left = dict.fromkeys(task.left, Skipped.of(LEFT))
    return replace(moving, skipped={**moving.skipped, **left})
