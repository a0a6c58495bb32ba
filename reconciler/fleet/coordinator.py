"""Execute the tasks of a fleet: one for each member, one report at the end."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from .dask import DaskRunner
from .handover import Handover
from .inputs import FleetInputs, TaskOf
from .members import Member, StopAfter, Turn
from .results import FleetReport, Result
from .running import LocalRunner
from .runs import FleetJournal
from .spool import Plans
from .tasks import Task
from .waves import Halt, drive

NEVER = StopAfter(failed=1_000_000)
"""What only reads goes on with the others, whatever went wrong."""

_NOT_TOLD = frozenset({"skipped", "unchanged"})
"""How those end that were not written to, and were not to be."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Who hears of a run while it goes on, and who may stop it.

    ``tell`` hears what an organization has to say, ``ended`` how one ended that was to be written
    to. ``stopping`` gets what stops the run, and is entered while it goes on.
    """

    tell: Callable[[str, str], None] = lambda name, text: None
    ended: Callable[[Result], None] = lambda result: None
    stopping: Callable[[Callable[[], None]], AbstractContextManager[object]] = nullcontext


async def execute(
    inputs: FleetInputs,
    verb: str,
    turns: Sequence[Turn],
    task_of: TaskOf,
    plans: Plans,
    watching: Watching,
    *,
    journal: FleetJournal | None = None,
    left: Iterable[Result] = (),
) -> FleetReport:
    """Execute a task for each member; the results are in the order of the fleet.

    ``plans`` keep what was planned. A run with a ``journal`` writes, and ends early where too much
    went wrong. ``left`` are the results of members that were left out before.
    """
    fleet = inputs.selection.fleet
    halt = Halt(fleet.stop_after if journal else NEVER)
    results = await _executed(inputs, turns, task_of, plans, watching, halt, journal)
    results += left
    order = {one.name: number for number, one in enumerate(fleet.members)}
    results.sort(key=lambda one: order[one.name])
    run = journal.run if journal and journal.wrote else None
    return FleetReport(tuple(results), verb, run)


async def _executed(
    inputs: FleetInputs,
    turns: Sequence[Turn],
    task_of: TaskOf,
    plans: Plans,
    watching: Watching,
    halt: Halt,
    journal: FleetJournal | None,
) -> list[Result]:
    results: list[Result] = []
    runner = _runner(inputs, turns, watching)
    handover = Handover(elsewhere=inputs.selection.scheduler is not None)

    def make(member: Member, wave: str) -> Task:
        return handover.give(task_of(member, wave))

    stops: set[asyncio.Task[None]] = set()

    def stop() -> None:
        halt.interrupted = True
        stops.add(asyncio.create_task(runner.stop()))

    async with runner:
        with watching.stopping(stop):
            began = journal.began if journal else _nobody
            async for result in drive(turns, runner, make, halt, began):
                result = handover.take(result)
                if journal:
                    journal.ended(result)
                    if result.state not in _NOT_TOLD:
                        watching.ended(result)
                results.append(plans.keep(result))
    return results


def _runner(
    inputs: FleetInputs, turns: Sequence[Turn], watching: Watching
) -> LocalRunner | DaskRunner:
    """Choose who carries the tasks out, in no more processes than a turn has members."""
    scheduler, reach = inputs.selection.scheduler, inputs.reach
    largest = max((len(turn.members) for turn in turns), default=1)
    jobs = min(inputs.selection.jobs or os.cpu_count() or 1, largest)
    most, tell, hear = reach.most_requests, watching.tell, reach.hear
    if scheduler is None:
        at_once = inputs.at_once
        return LocalRunner(jobs, at_once=at_once, most_requests=most, tell=tell, hear=hear)
    return DaskRunner(scheduler, jobs=jobs, most_requests=most, tell=tell, hear=hear)


def _nobody(name: str) -> None:
    """Do nothing."""
