"""The reverse of a past run, made from its journal and from the rows as they are now.

What was created is deleted, what was changed gets its old values back, what was deleted comes
back with its id; but only where the row still is what that run wrote. The rest is said.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from ..bindings import Binding
from ..catalogue import Kind, is_deleted
from ..diagnostics import Code, Problem
from ..plan.change import Action, Change, Difference
from ..values.address import Address
from ..values.fixpoint import Progress
from ..values.sent import Row, Sent
from ..values.stored import Forms, as_sent
from .consent import consents_of
from .effects import Effect

Rows = Mapping[str, Mapping[str, Row]]


def reverse(
    effects: tuple[Effect, ...], live: Rows, bindings: Mapping[Address, Binding], stored: Forms
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """Make the changes that take effects back, not yet ordered, and say what stays as it is.

    ``live`` are the rows as they are now, whole, by kind and id; ``bindings`` as they are now;
    ``stored`` are the forms of its own in which the server stores columns.
    """
    changes: list[Change] = []
    notes: list[Problem] = []
    for effect in effects:
        row = live.get(effect.kind.name, {}).get(effect.id)
        result = _reversed(effect, row, stored)
        named = _named_back(effect, row, bindings) if effect.action.binds else None
        if named and isinstance(result, Change):
            result = replace(named, columns=result.columns, consents=result.consents)
        if isinstance(result, Problem):
            notes.append(result)
            result = named
        if change := result or named:
            changes.append(change)
    return tuple(changes), tuple(notes)


def rows_needed(changes: Iterable[Change], kinds: Mapping[str, Kind]) -> dict[str, set[str]]:
    """Name the rows, by kind, that changes refer to and do not make themselves."""
    needed: dict[str, set[str]] = {}
    changes = tuple(changes)
    made = {(c.kind, c.id) for c in changes if c.action is Action.CREATE}
    for change in changes:
        for _, row in _referred(change, kinds):
            if row not in made and row[0] in kinds and kinds[row[0]].can_list:
                needed.setdefault(row[0], set()).add(row[1])
    return needed


def without_lost(
    changes: tuple[Change, ...], kinds: Mapping[str, Kind], lost: Collection[tuple[str, str]]
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """Leave out what refers to rows that are gone and do not come back: it would be refused.

    ``lost`` are these rows, as (kind, id). A reference that may be empty is left out alone.
    """
    lost, notes = set(lost), []
    progress = Progress("leaving out what refers to rows that are gone")
    while True:
        before = len(lost)
        progress.insist(before)
        kept: list[Change] = []
        for change in changes:
            gone = {name: row for name, row in _referred(change, kinds) if row in lost}
            if not gone:
                kept.append(change)
                continue
            notes += [_lost(change, name, row) for name, row in gone.items()]
            left = _without(change, gone.keys(), kinds[change.kind])
            if left:
                kept.append(left)
            elif change.action is Action.CREATE:
                lost.add((change.kind, str(change.id)))
        changes = tuple(kept)
        if len(lost) == before:
            return tuple(_with_needs(changes, kinds)), tuple(notes)


def _without(change: Change, names: Collection[str], kind: Kind) -> Change | None:
    """Take columns out of a change; None where it cannot be without them, or nothing is left."""
    columns = {n: d for n, d in change.columns.items() if n not in names}
    needed = any(not kind.columns[name].nullable for name in names)
    if change.action is Action.CREATE:
        return None if needed else replace(change, columns=columns)
    return replace(change, columns=columns) if columns or change.action.binds else None


def _referred(change: Change, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name the columns that a change fills with a reference, each with its row."""
    for column in kinds[change.kind].references:
        value = change.columns[column.name].after if column.name in change.columns else None
        if column.reference and isinstance(value, str):
            yield column.name, (column.reference.kind, value)


def _lost(change: Change, name: str, row: tuple[str, str]) -> Problem:
    message = f"{change.name}: {name} refers to {row[0]}[{row[1]}], which is gone and stays gone"
    return Problem("undo-lost", message, address=change.name, severity="warning")


def _named_back(
    effect: Effect, row: Row | None, bindings: Mapping[Address, Binding]
) -> Change | None:
    """Bind a row as it was bound before the run; None where it is so."""
    now = bindings.get(effect.address) if effect.address else None
    bound = now is not None and now.id == effect.id
    if effect.binding is None or effect.bound_as is None:
        action, address, origin = Action.RELEASE, effect.address, None
        if not bound:
            return None
    else:
        address, origin = effect.bound_as, effect.binding.origin
        action = Action.RENAME if origin == "owned" else Action.ADOPT
        if bindings.get(address) == effect.binding:
            return None
    return Change(
        kind=effect.kind.name,
        action=action,
        address=address,
        id=effect.id,
        row=row,
        binding=origin,
    )


def _reversed(effect: Effect, row: Row | None, stored: Forms) -> Change | Problem | None:
    marked = row is not None and is_deleted(effect.kind, row)
    if effect.action is Action.DELETE:
        if marked:
            return _note(effect, "undo-marked", "it is marked as deleted, and undo leaves the mark")
        return _bring_back(effect) if row is None else None
    if row is None or marked:
        return _note(effect, "undo-gone", "the row is gone, so there is nothing to take back")
    if effect.action is Action.CREATE:
        return _take_away(effect, row, stored)
    return _set_back(effect, row, stored)


def _bring_back(effect: Effect) -> Change | Problem:
    kind, before = effect.kind, effect.before or {}
    if kind.server_chooses_id or not kind.can_list or "create" not in kind.verbs:
        return _note(effect, "undo-impossible", "the API cannot bring it back as it was")
    columns = {
        name: Difference(None, cast("Sent", value))
        for name, value in before.items()
        if name in kind.columns and kind.columns[name].writable
    }
    return Change(
        kind=kind.name,
        action=Action.CREATE,
        address=effect.address or Address(kind.name, effect.id),
        id=effect.id,
        columns=columns,
        binding=effect.binding.origin if effect.binding else None,
        consents=consents_of(kind, "create", columns, {}),
        unconfirmed=kind.unconfirmed("create"),
    )


def _take_away(effect: Effect, row: Row, stored: Forms) -> Change | Problem:
    if not _is_ours(effect, row, effect.expected, stored):
        return _note(effect, "undo-stale", "the row was changed since, so it stays")
    if "delete" not in effect.kind.verbs:
        return _note(effect, "undo-impossible", "the API cannot delete it")
    return Change(
        kind=effect.kind.name,
        action=Action.DELETE,
        address=effect.address,
        id=effect.id,
        row=row,
        consents=consents_of(effect.kind, "delete", {}, row),
        unconfirmed=effect.kind.unconfirmed("delete"),
    )


def _set_back(effect: Effect, row: Row, stored: Forms) -> Change | Problem | None:
    held = effect.before or {}
    before = {name: held[name] for name in effect.after if name in held}
    if _holds(effect.kind, row, before, {}):
        return None
    wanted = {name: effect.expected.get(name, value) for name, value in effect.after.items()}
    if not _is_ours(effect, row, wanted, stored):
        return _note(effect, "undo-stale", "the row was changed since, so it stays")
    columns = {
        name: Difference(row.get(name), cast("Sent", value)) for name, value in before.items()
    }
    return Change(
        kind=effect.kind.name,
        action=Action.UPDATE,
        address=effect.address,
        id=effect.id,
        columns=columns,
        row=row,
        consents=consents_of(effect.kind, "update", columns, row),
        unconfirmed=effect.kind.unconfirmed("update"),
    )


def _with_needs(changes: Iterable[Change], kinds: Mapping[str, Kind]) -> Iterator[Change]:
    """Let a change wait for the rows that it references and that are brought back too."""
    changes = tuple(changes)
    created = {(c.kind, c.id): c.address for c in changes if c.action is Action.CREATE}
    for change in changes:
        needed = {
            address
            for column in kinds[change.kind].references
            if column.reference and column.name in change.columns
            if (address := created.get((column.reference.kind, _text(change, column.name))))
        }
        yield replace(change, needs=frozenset(needed))


def _text(change: Change, column: str) -> str:
    return str(change.columns[column].after)


def _is_ours(effect: Effect, row: Row, values: Row, stored: Forms) -> bool:
    """Tell whether a row is as the run left it, or as an undo that was cut off did."""
    if _holds(effect.kind, row, values, stored):
        return True
    moved = effect.kind.version
    return bool(effect.left) and all(
        any(
            _holds(effect.kind, row, {n: o[n]}, stored)
            for o in (values, effect.before or {}, *effect.left)
            if n in o
        )
        for n in values
        if n != moved
    )


def _holds(kind: Kind, row: Row, values: Row, stored: Forms) -> bool:
    """Tell whether a row has these values, if in the form in which the server stores them."""
    return all(
        as_sent(row[name], value, column := kind.columns[name])
        or ((form := stored.get(f"{kind.name}.{name}")) and form.explains(column, value, row[name]))
        for name, value in values.items()
        if name in row and name in kind.columns and not kind.columns[name].volatile
    )


def _note(effect: Effect, code: Code, message: str) -> Problem:
    return Problem(code, f"{effect.name}: {message}", address=effect.name, severity="warning")
