"""One task: one organization, by the stages of the single command; whatever happens is a result."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

from ..catalogue import tenant_of
from ..configuration.load import paused_collector
from ..diagnostics import AuthorizationError, ConfigurationError, ReconcilerError
from ..live.findings import look
from ..live.organization import read_organization
from ..planning.folder import plan_folder
from ..spans import Span
from .place import Counter, Place
from .pulls import pull_task
from .results import Result, failed, told, unexpected
from .tasks import Task, Verb
from .work import Work
from .writes import apply_task, undo_task, would_undo

PENDING = 2


async def run_task(task: Task, place: Place, counter: Counter | None = None) -> Result:
    """Do what a task says; never raises for what goes wrong. ``counter`` hears of its requests."""
    began, work = monotonic(), Work(task, place, counter or Counter())
    named = {"organization": task.name, "organization_id": task.organization}
    part = Span(f"{task.verb} organization", facts={**named})
    try:
        with place.traces.of(part, task.above):
            place.check(task)
            work.share()
            result = await _VERBS[task.verb](work)
            part.count(exit_code=result.code)
    except AuthorizationError as error:
        error.hint = f"check the key of {task.name} ({place.source_name(task)}) and its rights"
        result = failed(task, error, wrote=work.wrote)
    except ReconcilerError as error:
        result = failed(task, error, wrote=work.wrote)
    except Exception as error:
        result = unexpected(task, _named(error), wrote=work.wrote or work.writes)
    seconds, requests = monotonic() - began, work.counter.requests
    return work.masked(replace(result, wave=task.wave, seconds=seconds, requests=requests))


def _named(error: Exception) -> str:
    """Say where an error came from that nobody knows; its own words may hold values."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"the tool failed: {type(error).__name__} in {Path(at.filename).name}:{at.lineno}"


async def _validate(work: Work) -> Result:
    task, place = work.task, work.place
    with paused_collector():
        configuration, problems = place.base(task).checked(task)
    if configuration is None:
        raise ConfigurationError(problems)
    policing = place.policing(task, configuration)
    broken = await asyncio.to_thread(policing.broken_by, configuration)
    problems += broken
    if any(problem.is_error for problem in broken):
        raise ConfigurationError(problems)
    return Result(
        task.name,
        task.organization,
        0,
        "done",
        counts={"resources": len(configuration.resources)},
        warnings=tuple(told(one) for one in problems),
    )


async def _plan(work: Work) -> Result:
    return await _compared(work, detailed=False)


async def _drift(work: Work) -> Result:
    return await _compared(work, detailed=True)


async def _compared(work: Work, *, detailed: bool) -> Result:
    """Plan; where that is asked for, the code tells whether anything is not as the YAML says."""
    configuration = work.desired().configuration
    async with work.client() as client:
        planned = await plan_folder(
            configuration,
            client,
            work.kinds,
            unmanaged=work.task.yaml.unmanaged,
            bindings=work.bindings,
        )
    planned = await work.place.judged(work.task, planned, configuration)
    differs = planned.plan.differs
    with paused_collector():
        code = PENDING if detailed and differs else 0
        return work.planned(planned, code, "pending" if differs else "unchanged")


async def _doctor(work: Work) -> Result:
    """Look at what the key opens; that of another organization is asked nothing else."""
    task = work.task
    async with work.client() as client:
        await read_organization(client, tenant_of(work.kinds), task.organization)
        found = await look(client, work.kinds, None)
    refused = sorted(name for name, why in found.refused.items() if why)
    notes = [f"{name} may not be read" for name in refused]
    notes += [f"the API has a kind that is not known: {name}" for name in found.kinds_more]
    counts = {"readable": len(found.refused) - len(refused), "refused": len(refused)}
    counts["deviations"] = len(found.deviations)
    return Result(task.name, task.organization, 0, "done", counts=counts, notes=tuple(notes))


_VERBS: Mapping[Verb, Callable[[Work], Awaitable[Result]]] = {
    "validate": _validate,
    "plan": _plan,
    "drift": _drift,
    "apply": apply_task,
    "undo": undo_task,
    "undo-plan": would_undo,
    "doctor": _doctor,
    "pull": pull_task,
}
