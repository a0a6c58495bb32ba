"""What writes to one organization: apply and undo, under its lock, with a journal of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from ..client.protocols import Writer
from ..configuration.resource import Configuration
from ..diagnostics import ReconcilerError, UsageError
from ..diagnostics.words import count
from ..execution import Report, State, apply
from ..execution.run import Nobody
from ..journal.pruning import prune
from ..journal.read import past_runs
from ..journal.records import PastRun
from ..locking import locked_for
from ..planning.approval import approve
from ..planning.folder import plan_folder
from ..planning.planned import Planned
from ..planning.undo import find_run, plan_undo
from .holders import this_process
from .leases import leased
from .results import INTERRUPTED, PARTLY, Failure, Result
from .results import State as Ended
from .storage import Storage
from .work import Work

MOST_NAMED = 20
"""So many changes that were not done are named; the others are counted."""


async def apply_task(work: Work) -> Result:
    """Plan, approve and execute; then look again whether nothing is left to do."""
    configuration = work.desired().configuration
    async with _locked(work, configuration), work.client() as client:
        planned = await plan_folder(configuration, client, work.kinds, bindings=work.bindings)
        planned = await work.place.judged(work.task, planned, configuration)
        result = await _executed(work, planned, client)
        if result.state == "done":
            result = await _looked_again(work, result, configuration, client)
    return await _pruned(work, result)


async def undo_task(work: Work) -> Result:
    """Take runs back, one after the other; ends at the first that is not wholly taken back."""
    configuration = work.loosely()
    folder = Path(work.task.writing.journal)
    results: list[Result] = []
    async with _locked(work, configuration), work.client() as client:
        for name in work.task.writing.runs:
            run = _run_of(work, name)
            planned = await plan_undo(run, folder, configuration, client, work.kinds, work.bindings)
            planned = await work.place.judged(work.task, planned, configuration, back=True)
            results.append(await _executed(work, planned, client))
            if results[-1].code:
                break
    return _together(results)


async def would_undo(work: Work) -> Result:
    """Plan to take the last run back; of the others that depends on it."""
    configuration = work.loosely()
    folder = Path(work.task.writing.journal)
    run = _run_of(work, work.task.writing.runs[0])
    async with work.client() as client:
        planned = await plan_undo(run, folder, configuration, client, work.kinds, work.bindings)
    planned = await work.place.judged(work.task, planned, configuration, back=True)
    return work.planned(planned, 0, "pending" if planned.plan.changes else "unchanged")


def _run_of(work: Work, name: str) -> PastRun:
    """Read a run; raises UsageError where it was of another organization."""
    run = find_run(Path(work.task.writing.journal), name, work.kinds)
    if run.organization != work.task.organization:
        raise UsageError(f"run {name} is of organization {run.organization}")
    return run


@asynccontextmanager
async def _locked(work: Work, configuration: Configuration) -> AsyncIterator[None]:
    """Let no other run write to the organization from this folder; raises UsageError.

    Where workers share storage, no other run of any of their machines.
    """
    task, tell = work.task, work.place.tell
    async with AsyncExitStack() as stack:
        lock = locked_for(
            configuration.folder,
            task.organization,
            f"fleet {task.verb} of {task.name}",
            patience=task.writing.lock_timeout,
            tell=lambda text: tell(task.name, text),
        )
        await asyncio.to_thread(stack.enter_context, lock)
        if task.sharing.storage:
            await stack.enter_async_context(_leased(work))
        yield


@asynccontextmanager
async def _leased(work: Work) -> AsyncIterator[None]:
    """Write under a lease alone, with bindings in the shared storage; raises UsageError."""
    task, tell = work.task, work.place.tell
    storage = Storage(Path(task.sharing.storage))
    await asyncio.to_thread(storage.check, task.sharing.token)
    async with leased(
        storage.of(task.organization),
        this_process(),
        grace=task.access.timeout,
        patience=task.writing.lock_timeout,
        tell=lambda text: tell(task.name, text),
    ) as lease:
        known = task.sharing.bindings or ""
        work.bindings = await asyncio.to_thread(
            storage.begin, task.organization, lease.number, known
        )
        work.before_write = lease.check
        yield


async def _executed(work: Work, planned: Planned, client: Writer) -> Result:
    """Approve a plan and execute it; raises what approving raises, before anything is written."""
    writing, folder = work.task.writing, Path(work.task.writing.journal)
    approved = approve(planned, work.kinds, consents=writing.consents, reviewed=writing.reviewed)
    if not planned.plan.changes:
        return work.planned(planned, 0, "unchanged").without_plan()
    result = work.planned(planned, 0, "done").without_plan()
    if work.place.stopped():
        return replace(result, code=INTERRUPTED, state="stopped")
    before = {*past_runs(folder)}
    work.writes = True
    try:
        report = await apply(
            approved, client, work.kinds, folder, listener=Nobody(), stop=work.place.stopped
        )
    except ReconcilerError:  # nothing was sent
        work.writes = False
        raise
    work.writes, work.wrote = False, work.wrote or report.wrote
    runs = tuple(sorted(path.stem for path in {*past_runs(folder)} - before))
    return _reported(replace(result, runs=runs), report)


def _reported(result: Result, report: Report) -> Result:
    """Say how an execution ended, as the single command does."""
    outcomes = {state.value: n for state in State if (n := report.count(state))}
    wrote = report.wrote or report.count(State.DONE) > 0
    result = replace(result, outcomes=outcomes, wrote=wrote)
    if report.local_write_error:
        failure: Failure = {"message": report.local_write_error, "hint": None, "code": PARTLY}
        return replace(result, code=PARTLY, state="failed", error=failure)
    if report.complete:
        return result
    left = [one for one in report.outcomes if one.state is not State.DONE]
    reasons = [f"{one.change.name}: {one.state}: {one.message}" for one in left[:MOST_NAMED]]
    failure = {
        "message": f"{count(len(left), 'change')} not done",
        "hint": next((one.hint for one in left if one.hint), "apply again to go on"),
        "code": report.exit_code,
        "reasons": reasons,
    }
    state: Ended = "stopped" if report.stopped else "failed" if wrote else "not started"
    return replace(result, code=report.exit_code, state=state, error=failure)


async def _looked_again(
    work: Work, result: Result, configuration: Configuration, client: Writer
) -> Result:
    """Plan once more: what is not empty then is no success."""
    try:
        planned = await plan_folder(configuration, client, work.kinds, bindings=work.bindings)
    except Exception as error:  # of any kind: it was written, and nobody saw how it is now
        message = getattr(error, "message", type(error).__name__)
        failure: Failure = {
            "message": f"it was applied, and could not be looked at again: {message}",
            "hint": "plan again",
            "code": PARTLY,
        }
        return replace(result, code=PARTLY, state="failed", error=failure)
    left = planned.plan.changes
    if not left:
        return result
    failure = {
        "message": f"it was applied, and {count(len(left), 'change')} would still be made",
        "hint": "plan again, and look at what the server stores otherwise",
        "code": PARTLY,
        "reasons": [f"{one.name}: {one.action}" for one in left[:MOST_NAMED]],
    }
    return replace(result, code=PARTLY, state="failed", error=failure)


async def _pruned(work: Work, result: Result) -> Result:
    keep, folder = work.task.writing.keep, Path(work.task.writing.journal)
    if keep is None:
        return result
    try:
        gone = await asyncio.to_thread(prune, folder, keep, work.kinds)
    except UsageError as error:
        return replace(result, notes=(*result.notes, error.message))
    return replace(result, notes=(*result.notes, f"removed {count(len(gone), 'journal')}"))


def _together(results: list[Result]) -> Result:
    """Make one result of several runs that were taken back: how the last one ended."""
    if not results:
        raise UsageError("no run is to be taken back")
    last = results[-1]
    outcomes: dict[str, int] = {}
    for one in results:
        for ended, number in one.outcomes.items():
            outcomes[ended] = outcomes.get(ended, 0) + number
    wrote = any(one.wrote for one in results)
    state: Ended = "done" if wrote and last.state == "unchanged" else last.state
    runs = tuple(name for one in results for name in one.runs)
    return replace(last, state=state, outcomes=outcomes, wrote=wrote, runs=runs)
