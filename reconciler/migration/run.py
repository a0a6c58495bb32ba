"""Execute plan after plan on the target, as long as there is something new in one."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..execution import Outcome, Report, State
from ..execution.causes import causes_of
from ..plan.change import Action
from ..planning.planned import Planned
from ..values.address import Address
from .ends import REPORT_FOLDER, Ends
from .look_back import look_back
from .prospect import Prospect, plan_on
from .report import MigrationReport, write_report
from .task import Task
from .written import write_written

NOT_PROVEN = 5
"""The exit code where something is not there as it is here."""
PASSES = 3
"""The server makes rows itself (an invited member's profile); a next pass finds them."""

Execute = Callable[[Planned], Awaitable[Report | None]]
"""Approves and executes a plan on the target; None where there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """How a migration ended: the reports of its passes, and what the look back found.

    ``found`` is None where the migration was stopped before it.
    """

    passes: tuple[Report, ...]
    found: MigrationReport | None

    @property
    def exit_code(self) -> int:
        """The exit code: how the passes ended, else whether both are the same now."""
        code = max((report.exit_code for report in self.passes), default=0)
        return code or (0 if self.found is None or self.found.proven else NOT_PROVEN)


def check_decided(task: Task, prospect: Prospect) -> None:
    """Stop before anything is written where a person has to decide first; raises UsageError."""
    waiting = waiting_for_people(prospect)
    if waiting or task.unread:
        what = count(len(waiting), "row") if waiting else count(len(task.unread), "kind")
        raise UsageError(
            f"{what} cannot be moved without a decision; nothing was written",
            hint="--match ADDRESS=ID says which row there is meant, --leave ADDRESS (or KIND)"
            " leaves it behind",
        )


def waiting_for_people(prospect: Prospect) -> tuple[Address, ...]:
    """Name the rows about which a person has to decide."""
    return tuple(address for address, one in prospect.moving.open.items() if one.stops)


async def move(task: Task, ends: Ends, prospect: Prospect, execute: Execute) -> Migrated:
    """Move what is planned, pass by pass, then compare both organizations and write the report."""
    outcomes: dict[str, Outcome] = {}
    passes: list[Report] = []
    for _ in range(PASSES):
        not_done = {name for name, outcome in outcomes.items() if outcome.state is not State.DONE}
        planned = _only_new(prospect.planned, not_done)
        if outcomes and not planned.plan.changes:
            break
        report = await execute(planned)
        if report is None:
            break
        passes.append(report)
        if report.stopped:
            return Migrated(tuple(passes), None)
        outcomes |= {outcome.change.name: outcome for outcome in report.outcomes}
        prospect = await plan_on(task, ends.target)
    found = await look_back(task, ends, prospect, causes_of(outcomes.values()))
    _write(task.folder / REPORT_FOLDER, task, found)
    return Migrated(tuple(passes), found)


def _write(folder: Path, task: Task, found: MigrationReport) -> None:
    try:
        write_written(folder, task.sides.written)
        write_report(folder, found)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error


def _only_new(planned: Planned, not_done: Collection[str]) -> Planned:
    """Leave what was tried in vain to the next run, and what waits for it."""
    if not not_done:
        return planned
    changes = planned.plan.changes
    waiting = {c.address for c in changes if c.action is Action.CREATE and c.name in not_done}
    levels = (
        tuple(c for c in level if c.name not in not_done and not c.needs & waiting)
        for level in planned.plan.levels
    )
    plan = replace(planned.plan, levels=tuple(level for level in levels if level))
    return replace(planned, plan=plan)
