"""Carry out the tasks of a fleet for a command: Ctrl-C, progress, and the report at the end."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from ...api.waiting import awaited
from ...diagnostics import PartialApplyError, ReconcilerError
from ...fleet.dask import DaskRunner
from ...fleet.handover import Handover
from ...fleet.members import Fleet, Member, StopAfter, Turn
from ...fleet.results import FleetReport, Result
from ...fleet.running import LocalRunner
from ...fleet.runs import FleetJournal
from ...fleet.spool import Plans
from ...fleet.tasks import Task
from ...fleet.waves import Halt, drive
from ...locking import beside
from ...plan.shape import PlanDocument
from ...render.out import hand_over, say, show, show_lines
from ...support.stopping import Stopper
from .options import FleetInputs

TaskOf = Callable[[Member, str], Task]
NEVER = StopAfter(failed=1_000_000)
"""What only reads goes on with the others, whatever went wrong."""


def run_fleet(
    inputs: FleetInputs,
    verb: str,
    turns: Sequence[Turn],
    task_of: TaskOf,
    plans: Plans,
    journal: FleetJournal | None = None,
    left: Iterable[Result] = (),
) -> FleetReport:
    """Carry out a task for each member; the results are in the order of the fleet.

    ``left`` are those of members that were left out before.
    """
    stop_after = inputs.selection.fleet.stop_after if journal else NEVER
    results = awaited(_run(inputs, turns, task_of, plans, Halt(stop_after), journal))
    results += left
    order = {one.name: number for number, one in enumerate(inputs.selection.fleet.members)}
    results.sort(key=lambda one: order[one.name])
    run = journal.run if journal and journal.wrote else None
    return FleetReport(tuple(results), verb, run)


async def _run(
    inputs: FleetInputs,
    turns: Sequence[Turn],
    task_of: TaskOf,
    plans: Plans,
    halt: Halt,
    journal: FleetJournal | None,
) -> list[Result]:
    results: list[Result] = []
    jobs = min(
        inputs.selection.jobs or _processors(),
        max((len(turn.members) for turn in turns), default=1),
    )
    runner = _runner(inputs, jobs)
    handover = Handover(elsewhere=inputs.selection.scheduler is not None)

    def make(member: Member, wave: str) -> Task:
        return handover.give(task_of(member, wave))

    stopping: set[asyncio.Task[None]] = set()

    def stop() -> None:
        halt.interrupted = True
        stopping.add(asyncio.create_task(runner.stop()))

    async with runner:
        with Stopper(stop):
            began = journal.began if journal else _nobody
            async for result in drive(turns, runner, make, halt, began):
                result = handover.take(result)
                if journal:
                    journal.ended(result)
                    _tell_ended(result)
                results.append(plans.keep(result))
    return results


def _runner(inputs: FleetInputs, jobs: int) -> LocalRunner | DaskRunner:
    scheduler, most = inputs.selection.scheduler, inputs.reach.most_requests
    if scheduler is None:
        return LocalRunner(
            jobs, at_once=inputs.at_once, most_requests=most, tell=_tell, hear=inputs.reach.hear
        )
    return DaskRunner(scheduler, jobs=jobs, most_requests=most, tell=_tell, hear=inputs.reach.hear)


def _processors() -> int:
    return os.cpu_count() or 1


def _nobody(name: str) -> None:
    """Do nothing."""


def _tell(name: str, text: str) -> None:
    with suppress(OSError):  # nobody reads it any more: what is being written goes on
        say(f"{name}: {text}", err=True)


def _tell_ended(result: Result) -> None:
    """Say of a member that was written to, or was to be, how it ended."""
    if result.state not in {"skipped", "unchanged"}:
        with suppress(OSError):  # as above
            say(f"{result.wave}: {result.name}: {result.state}", err=True)


def sharing(fleet: Fleet, lock_timeout: float) -> AbstractContextManager[None]:
    """Keep runs out that have the whole base, from the first organization to the last."""
    return beside(fleet.base, patience=lock_timeout, tell=lambda text: say(text, err=True))


@contextmanager
def after_writing(report: FleetReport) -> Iterator[None]:
    """Say of what went wrong after the writing that the writing is done."""
    try:
        yield
    except (ReconcilerError, OSError) as error:
        if report.run is None:
            raise
        why = error.message if isinstance(error, ReconcilerError) else error.strerror
        hint = error.hint if isinstance(error, ReconcilerError) else None
        message = f"run {report.run} has ended; what comes after it was not done: {why}"
        raise PartialApplyError(message, hint=hint) from error


def show_ended(report: FleetReport, form: str) -> None:
    """Show how a run that may have written ended; the exit code tells it to whoever reads none.

    Raises OSError, but for a pipe that nobody reads any more.
    """
    try:
        show_report(report, lambda name: None, form)
        sys.stdout.flush()
    except BrokenPipeError:
        if report.run is None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show_report(
    report: FleetReport,
    plan_of: Callable[[str], PlanDocument | None],
    form: str,
    folder: Path | None = None,
    *,
    compact: bool = True,
    digest: str | None = None,
    apply_line: str | None = None,
) -> None:
    """Write a report in one of the formats; pages offer ``apply_line``, with its consents."""
    if form == "json":
        from ...render.fleet.json import fleet_json

        for text in fleet_json(report, plan_of, digest):
            hand_over(text)
        return
    if form == "markdown":
        from ...render.fleet.markdown import fleet_markdown

        show(fleet_markdown(report, plan_of, folder, digest=digest))
        return
    if form == "html":
        from ...render.fleet.page import fleet_html

        hand_over(fleet_html(report, plan_of, folder, digest=digest, apply_line=apply_line))
        return
    from ...render.fleet.text import fleet_lines

    show_lines(fleet_lines(report, plan_of, folder, compact=compact, digest=digest))
