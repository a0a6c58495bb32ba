"""Three sides, as in a merge: what was written there last, the source now, the target now.

================  ================  =======================================================
source            target            then
================  ================  =======================================================
changed           as written        the source's value is written
as written        changed           people put it right there: it stays, and is as it should be
changed           changed           it stays, and is a conflict, unless the source is to win
never written     —                 the source's value is written
as written        row deleted       it stays deleted, until somebody decides
row deleted       as written        the row is deleted there, too
row deleted       changed           it stays, and is a conflict, unless the source is to win
================  ================  =======================================================
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..catalogue import Kind
from ..plan.change import Action, Change, Difference
from ..plan.model import Plan
from ..values.address import Address
from .exclude import GONE_THERE, Moving, Skipped, exclude
from .written import WrittenBefore


class Sides(NamedTuple):
    """The third side, and the rows of which the source is to win (``theirs``)."""

    written: WrittenBefore
    theirs: Collection[Address]


class Deletes(NamedTuple):
    """What becomes of rows there whose row in the source is gone.

    ``wanted`` are deleted there, too; ``conflicts`` were changed there and stay; of ``others`` it
    is not known that they were moved by this folder, or that they are gone: they stay.
    """

    wanted: frozenset[str]
    conflicts: tuple[Address, ...]
    others: int


def keep_theirs(
    moving: Moving, plan: Plan, kinds: Mapping[str, Kind], sides: Sides
) -> Moving | None:
    """Let stay what people changed or deleted there; None where the plan writes over none of it."""
    missing: dict[Address, Skipped] = {}
    kept: set[tuple[Address, str]] = set()
    conflicts: set[tuple[Address, str]] = set()
    for change in plan.changes:
        address = change.address
        if address is None or address in sides.theirs:
            continue
        if change.action is Action.CREATE:
            known = sides.written.rows.get(address)
            if known and known.certain:
                missing[address] = Skipped.of(GONE_THERE, (known.id,))
            continue
        for name, difference in change.columns.items() if change.row is not None else ():
            if _changed_there(change, name, difference, kinds, sides):
                kept.add((address, name))
                if not _as_written(change, name, difference.after, kinds, sides):
                    conflicts.add((address, name))
    if not (missing or kept):
        return None
    moving = replace(moving.keeping(kept), conflicts=moving.conflicts | conflicts)
    return exclude(moving, kinds, missing) if missing else moving


def deletes_of(
    plan: Plan, kinds: Mapping[str, Kind], gone: Collection[Address], sides: Sides
) -> Deletes:
    """Judge the deletes of a plan; ``gone`` are moved rows that the source does not hold now."""
    by_id = {row.id: address for address, row in sides.written.rows.items()}
    wanted: set[str] = set()
    conflicts: list[Address] = []
    others = 0
    for change in plan.changes:
        if change.action is not Action.DELETE:
            continue
        address = by_id.get(str(change.id))
        if address is None or address not in gone:
            others += 1
        elif address in sides.theirs or _is_untouched(change, address, kinds, sides):
            wanted.add(str(change.id))
        else:
            conflicts.append(address)
    return Deletes(frozenset(wanted), tuple(conflicts), others)


def without_deletes(plan: Plan, wanted: Collection[str]) -> Plan:
    """Take all other deletes out of a plan."""
    levels = (
        tuple(c for c in level if c.action is not Action.DELETE or str(c.id) in wanted)
        for level in plan.levels
    )
    return replace(plan, levels=tuple(level for level in levels if level))


def _changed_there(
    change: Change, name: str, difference: Difference, kinds: Mapping[str, Kind], sides: Sides
) -> bool:
    assert change.address
    known = sides.written.knows(change.address, change.id, name)
    return known and not _as_written(change, name, difference.before, kinds, sides)


def _as_written(
    change: Change, name: str, value: object, kinds: Mapping[str, Kind], sides: Sides
) -> bool:
    assert change.address
    column = kinds[change.kind].columns[name]
    return sides.written.was(change.address, change.id, column, value)


def _is_untouched(
    change: Change, address: Address, kinds: Mapping[str, Kind], sides: Sides
) -> bool:
    columns = kinds[change.kind].columns
    known = sides.written.row(address, change.id)
    row = change.row or {}
    return known is not None and all(
        sides.written.was(address, change.id, columns[name], row[name])
        for name in known.columns
        if name in columns and name in row
    )
