"""Creates and deletes that a kind cannot express as data: one small table of named actions."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ..catalogue import KeyPart, Kind, is_deleted
from ..catalogue.natural import spellings
from ..client.filters import Condition, one_of
from ..diagnostics import ApiError, LostAnswerError, NotSentError, ReconcilerError
from ..plan.change import Action, Change
from ..values.column import JSON, Column
from ..values.sent import Row
from .batches import Batch, sent, values_of
from .compare import unchanged
from .create import read_rows, unknown
from .modify import modify
from .outcome import Outcome, State, done, failed, stale
from .refused import refused
from .run import Run

NOT_SAID = "the server did not say which row it created"
SENT = "the delete was sent"
LOOK = "look whether the row exists, then apply again"
SpecialAction = Callable[[Run, Kind, Change], Awaitable[Outcome]]


async def create_then_update(run: Run, kind: Kind, change: Change) -> Outcome:
    """Create with the few columns that the action takes, then change the rest.

    The id comes from the answer and is bound before the second step, so that a crash between
    the two is finished by the next run as an update.
    """
    values = values_of(change, run.ids)
    body = {name: value for name, value in values.items() if name in kind.create_columns}
    row, outcome = await _post(run, kind, change, body)
    if row is None or outcome.state is not State.DONE:
        return outcome
    row_id = str(row[kind.id_column])
    rest = {name: d for name, d in change.columns.items() if name not in body}
    note = run.watch.look(kind, change, body, row)
    outcome = replace(outcome, message="; ".join(filter(None, [outcome.message, note])) or None)
    if not rest:
        return outcome
    second = replace(change, action=Action.UPDATE, id=row_id, columns=rest, row=row)
    [result] = await modify(run, Batch(kind, Action.UPDATE, (second,), values_of(second, run.ids)))
    if result.state is not State.DONE:
        why = f"the row was created, but not all of it was set: {result.message}"
        return replace(result, change=change, id=row_id, message=why)
    message = "; ".join(filter(None, [outcome.message, result.message])) or None
    return replace(result, change=change, id=row_id, message=message)


async def invite(run: Run, kind: Kind, change: Change) -> Outcome:
    """Send the inputs that the invitation takes; the row is made by the server."""
    body = {name: sent(value, run.ids) for name, value in change.inputs.items()}
    _, outcome = await _post(run, kind, change, body)
    return outcome


async def delete_one(run: Run, kind: Kind, change: Change) -> Outcome:
    """Delete by an action that takes only an id: the row is compared just before."""
    row = await _row_of(run, kind, change)
    if row is None:
        return done(change, note="was so already")
    if not unchanged(kind, row, change):
        return stale(change, "the row was changed since the plan")
    reason: ApiError | None = None
    try:
        async with run.recorded([change], [{}]):
            await run.client.delete_one(kind, str(change.id))
    except NotSentError as error:
        return refused(kind, [change], error)[0]
    except ApiError as error:
        reason = error
    try:
        row = await _row_of(run, kind, change)
    except ReconcilerError as unread:
        return unknown([change], reason.message if reason else SENT, unread)[0]
    if row is None:
        if change.address:
            run.bindings.forget(change.address, str(change.id))
            run.save_bindings()
        sure = reason is None or isinstance(reason, LostAnswerError)
        return done(change, note=None if sure else "was so already")
    if reason:
        return refused(kind, [change], reason)[0]
    return failed(change, "the row is still there after the delete", "run apply again")


async def _row_of(run: Run, kind: Kind, change: Change) -> Row | None:
    """Read the row of a delete; some servers keep what is deleted, with a mark."""
    row = (await read_rows(run, kind, [change])).get(str(change.id))
    return None if row is None or is_deleted(kind, row) else row


CREATE_ACTIONS: Mapping[str, SpecialAction] = MappingProxyType(
    {"create-then-update": create_then_update, "invite": invite}
)
DELETE_ACTIONS: Mapping[str, SpecialAction] = MappingProxyType({"delete-one": delete_one})


async def _post(
    run: Run, kind: Kind, change: Change, body: Mapping[str, JSON]
) -> tuple[Row | None, Outcome]:
    """Create one row whose id the server chooses; a lost answer is never repeated blindly."""
    before = await matching(run, kind, change)
    bound = {binding.id for binding in run.bindings.entries.values()}
    if came := sorted(before.keys() - bound):
        return None, stale(change, f"a row like it came since the plan: {', '.join(came)}")
    row, lost = None, None
    try:
        async with run.recorded([change], [body], matching=sorted(before)) as answered:
            row = await run.client.create_one(kind, body)
            answered.rows += [row] if row else []
    except LostAnswerError as error:
        lost = error
    except ApiError as error:
        return None, refused(kind, [change], error)[0]
    try:
        rows = await matching(run, kind, change)
    except ReconcilerError as unread:
        if row is None:
            return None, unknown([change], lost.message if lost else NOT_SAID, unread)[0]
        note = f"nobody could look whether another run made it too: {unread.message}"
        return row, replace(_bound(run, kind, change, row), message=note)
    ours = None if row is None else str(row[kind.id_column])
    new = {row_id: found for row_id, found in rows.items() if row_id not in before}
    if row is None:
        if not new:
            return None, failed(change, lost.message if lost else NOT_SAID, LOOK)
        if len(new) == 1:
            [row] = new.values()
            await run.found(answered, row)
    outcome = None if row is None else _bound(run, kind, change, row)
    if outcome is not None and new.keys() <= {outcome.id}:
        return row, outcome
    return row, _doubled(run, change, ours, new)


def _doubled(run: Run, change: Change, ours: str | None, new: Iterable[str]) -> Outcome:
    """End a run beside which another one made the same row: a person must say which stays."""
    ids = sorted({*new, *([ours] if ours else [])})
    made = f"this run made {ours}" if ours else "this run made one of them"
    message = f"there are {len(ids)} rows of it now: {', '.join(ids)}; {made}, another run the rest"
    run.abort(f"{change.name} was made twice")
    hint = "delete all but one in the Bookingmood app" + (
        f"; to keep another than {ours}, `reconciler import` that one afterwards" if ours else ""
    )
    return replace(failed(change, message, hint), id=ours)


def _bound(run: Run, kind: Kind, change: Change, row: Row) -> Outcome:
    """Keep the id that the server chose, before anything depends on it."""
    row_id = str(row[kind.id_column])
    if change.address:
        run.ids[change.address] = row_id
        run.bindings.bind(change.address, row_id, "owned")
        run.save_bindings()
    return Outcome(change, State.DONE, row_id)


async def matching(run: Run, kind: Kind, change: Change) -> dict[str, Row]:
    """Read the live rows with the natural key of a row that is to be created."""
    [part] = kind.natural_key
    condition = await _condition(run, kind, part, change)
    rows = await run.client.read(kind, ["*"], [condition]) if condition else []
    return {str(row[kind.id_column]): row for row in rows if not is_deleted(kind, row)}


async def _condition(run: Run, kind: Kind, part: KeyPart, change: Change) -> Condition | None:
    target = kind.columns[part.column].reference
    if part.through and target:
        value = next(
            sent(v, run.ids)
            for name, v in change.inputs.items()
            if kind.inputs[name].stands_for == str(part)
        )
        there = run.kinds[target.kind]
        rows = await run.client.read(
            there, [target.column], [_is_like(there.columns[part.through], part.through, value)]
        )
        return one_of(part.column, [str(row[target.column]) for row in rows]) if rows else None
    value = values_of(change, run.ids).get(part.column)
    if part.inside:
        value = value.get(part.inside) if isinstance(value, dict) else None
    return _is_like(kind.columns[part.column], str(part), value) if value else None


def _is_like(column: Column, name: str, value: object) -> Condition:
    """Ask for a value in every spelling that people would call the same."""
    return one_of(name, sorted(spellings(column, str(value))))
