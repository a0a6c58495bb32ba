"""Walk the levels of a plan: what may run together does, what depends on a failure is skipped."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..bindings import Bindings, check_writable
from ..catalogue import Kind
from ..client.protocols import Writer
from ..diagnostics import NotSentError, PartialApplyError, ReconcilerError, UnreachableError
from ..diagnostics.words import few
from ..journal.write import Journal
from ..live.referencing import read_referencing
from ..plan.change import Action, Change, RowName
from ..plan.model import Plan
from ..planning.approval import ApprovedPlan
from ..spans import stage
from .batches import Batch, batches
from .create import create
from .in_doubt import rows_in_doubt
from .modify import modify
from .moves import make_way, may_move
from .outcome import Outcome, State, done, failed, skipped, stale, stopped
from .run import ChangeListener, Run
from .special import CREATE_ACTIONS, DELETE_ACTIONS
from .unseen import look_at_unseen
from .watch import StoredOtherwise

NOTHING_DONE = 1
INTERRUPTED = 130
MOST_NAMED = 3
"""So many of the rows that reference another are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """How every change of a plan ended, in the order of the plan.

    ``local_write_error`` says what could not be written on this machine; ``wrote`` tells that the
    server did or may have done any of it; ``stored`` which columns it stores otherwise than was
    sent.
    """

    outcomes: tuple[Outcome, ...]
    stopped: bool
    local_write_error: str | None = None
    wrote: bool = True
    stored: tuple[StoredOtherwise, ...] = ()

    def count(self, state: State) -> int:
        """Count the changes that ended in one way."""
        return sum(outcome.state is state for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Tell whether every change is done."""
        return all(outcome.state is State.DONE for outcome in self.outcomes)

    @property
    def in_vain(self) -> bool:
        """Tell whether nothing at all was done, though something was to be."""
        return not (self.complete or self.wrote or self.count(State.DONE))

    @property
    def exit_code(self) -> int:
        """The exit code that tells how it ended."""
        if self.stopped:
            return INTERRUPTED
        if self.in_vain:
            return NOTHING_DONE
        return 0 if self.complete else PartialApplyError.exit_code


async def apply(
    approved: ApprovedPlan,
    client: Writer,
    kinds: Mapping[str, Kind],
    journal_folder: Path,
    *,
    listener: ChangeListener,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Execute an approved plan; ``stop`` is asked before every request and ends the run cleanly.

    What is under way then is finished, and what waits for its turn is not sent.
    Whatever the server says becomes an outcome; where nothing more can be done (no network, the
    key refused, no room for the journal) the rest is skipped.

    Raises, before anything is sent, what :meth:`ApprovedPlan.check` raises, and UsageError where
    the bindings or the journal could not be written.
    """
    approved.check()
    plan, owner = approved.plan, approved.planned.remembered.owner
    bindings = approved.planned.bindings
    if _changes_bindings(plan.changes, bindings):
        check_writable(bindings.path)
    with Journal(journal_folder, plan, undoes=approved.planned.undoes) as journal:
        approved.use()
        asked = _draining(stop, client)
        run = Run(client, kinds, owner, plan.changes, bindings, journal, listener, asked)
        with stage("apply") as applying:
            report = await _execute(run, plan)
            applying.count(**{state.value: report.count(state) for state in State})
        return report


def _draining(stop: Callable[[], bool], client: Writer) -> Callable[[], bool]:
    """Let the client hear of a stop as soon as the run does."""

    def asked() -> bool:
        is_stopped = stop()
        if is_stopped:
            client.drain()
        return is_stopped

    return asked


def _changes_bindings(changes: Iterable[Change], bindings: Bindings) -> bool:
    return any(
        change.binding
        or (change.action in {Action.DELETE, Action.RELEASE} and change.address in bindings.entries)
        for change in changes
    )


async def _execute(run: Run, plan: Plan) -> Report:
    changes = plan.changes
    for change in changes:
        if change.address and change.id:
            run.ids[change.address] = change.id
    run.in_doubt = await rows_in_doubt(run, changes)
    for level in plan.levels:
        await _run_level(run, level)
        await look_at_unseen(run)
        await run.keep()
        run.save_bindings()
    for change in changes:
        if run.outcome_of(change) is None:
            run.settle(stopped(change))
    run.journal.stopped = run.stop()
    outcomes = tuple(run.outcomes[id(change)] for change in changes)
    seen = tuple(run.watch.seen.values())
    return Report(outcomes, run.stop(), run.local_write_error, run.wrote, seen)


async def _run_level(run: Run, level: tuple[Change, ...]) -> None:
    ready = [change for change in level if not (run.stop() or _blocked(run, change))]
    if run.abort_reason:
        run.settle(*(skipped(change, run.abort_reason) for change in ready))
        return
    ready = [run.as_it_is(change) for change in ready]
    if ready and ready[0].action is Action.DELETE:
        ready = await _not_referenced(run, ready)
    silent = [change for change in ready if _needs_no_request(change)]
    if silent:
        await _note(run, silent)
    requests = batches(
        [change for change in ready if not _needs_no_request(change)], run.kinds, run.ids, run
    )
    # a request is written down before it waits for its turn: twice as many keep the line busy
    await asyncio.gather(*(_work(run, requests) for _ in range(2 * run.client.parallelism)))
    refusals, run.refusals = run.refusals, []
    if refusals and not (run.stop() or run.abort_reason):
        refusals = await make_way(run, refusals)
    _settle(run, refusals)


async def _note(run: Run, changes: list[Change]) -> None:
    """Write down what is done without a request."""
    try:
        async with run.recorded(changes, [{}] * len(changes)):
            _settle(run, map(done, changes))
    except NotSentError as error:
        run.settle(*(skipped(change, error.message, error.hint) for change in changes))


async def _work(run: Run, requests: Iterator[Batch]) -> None:
    """Send batch by batch, one at a time, until there are no more or the run is stopped."""
    while not run.stop() and (batch := next(requests, None)):
        await _send(run, batch)


def _needs_no_request(change: Change) -> bool:
    return change.action.binds and not change.columns


def _blocked(run: Run, change: Change) -> bool:
    """Skip a change that depends on one that was not done."""
    undone = change.needs & run.undone
    if undone:
        missing = ", ".join(sorted(map(str, undone)))
        run.settle(skipped(change, f"it needs {missing}, which was not done"))
    return bool(undone)


async def _not_referenced(run: Run, deletes: list[Change]) -> list[Change]:
    """Read again who references the rows to be deleted; one with a new reference stays."""
    ids: dict[str, list[str]] = {}
    for change in deletes:
        ids.setdefault(change.kind, []).append(str(change.id))
    try:
        references_to = await read_referencing(run.client, run.kinds, ids)
    except ReconcilerError as error:
        why = f"nobody knows what references it: {error.message}"
        run.settle(*(skipped(change, why) for change in deletes))
        return []
    free: list[Change] = []
    held: list[tuple[Change, list[RowName]]] = []
    for change in deletes:
        row = (change.kind, str(change.id))
        new = references_to.get(row, frozenset()) - change.referenced_by - {row}
        if new:
            held.append((change, sorted(new)))
        else:
            free.append(change)
    if held:
        _leave_held(run, held)
    return free


def _leave_held(run: Run, held: Iterable[tuple[Change, Sequence[RowName]]]) -> None:
    """Settle deletes of rows that others reference, which the plan did not say."""
    planned = {(change.kind, str(change.id)): change.name for change in run.planned}
    for change, new in held:
        if left := [planned[referencing] for referencing in new if referencing in planned]:
            run.settle(skipped(change, f"it is still referenced by {few(left, MOST_NAMED)}"))
        else:
            names = few([f"{kind}[{row_id}]" for kind, row_id in new], MOST_NAMED)
            run.settle(stale(change, f"it is referenced by {names}, which the plan did not list"))


async def _send(run: Run, batch: Batch) -> None:
    if run.abort_reason:
        _settle(run, [skipped(change, run.abort_reason) for change in batch.changes])
        return
    run.announce(batch.changes)
    try:
        for outcome in await _outcomes(run, batch):
            if may_move(run, outcome):
                run.refusals.append(outcome)
            else:
                _settle(run, [outcome])
        if batch.action is Action.CREATE:
            run.save_bindings()  # a row whose id is not the computed one is found by nothing else
    except ReconcilerError as error:
        if isinstance(error, UnreachableError):
            run.abort(error.message)
        _settle(run, [failed(change, error.message, error.hint) for change in batch.changes])


async def _outcomes(run: Run, batch: Batch) -> list[Outcome]:
    kind = batch.kind
    if batch.action is Action.CREATE and kind.create_action:
        action = CREATE_ACTIONS[kind.create_action]
    elif batch.action is Action.DELETE and kind.delete_action:
        action = DELETE_ACTIONS[kind.delete_action]
    else:
        return await (create if batch.action is Action.CREATE else modify)(run, batch)
    return [await action(run, kind, change) for change in batch.changes]


def _settle(run: Run, outcomes: Iterable[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.state is State.DONE:
            _bind(run, outcome)
        run.settle(outcome)


def _bind(run: Run, outcome: Outcome) -> None:
    """Put into the bindings what a change says, or an id that the server chose instead of ours."""
    change = outcome.change
    if change.address is None:
        return
    if change.action in {Action.DELETE, Action.RELEASE}:
        run.bindings.forget(change.address, str(change.id))
    elif outcome.id and change.binding:
        ours = (change.kind, outcome.id) in run.in_doubt
        run.bindings.bind(change.address, outcome.id, "owned" if ours else change.binding)
    elif outcome.id and change.action is Action.CREATE and outcome.id != change.id:
        run.ids[change.address] = outcome.id
        run.bindings.bind(change.address, outcome.id, "owned")
