"""The steps of a migration: export, what people decided, plan, and the look back at the end."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind, tenant_of
from ..client import Client, Reader
from ..diagnostics import PlanError, UsageError
from ..export import Exported, Selection, Spool, read_rows
from ..journal import DEFAULT_FOLDER, past_runs, read_run
from ..live import read_whole_rows
from ..migrate import (
    LEFT,
    Cause,
    Expected,
    MigrationReport,
    Moved,
    Moving,
    Sides,
    Skipped,
    Verification,
    Written,
    deletes_of,
    keep_theirs,
    narrow,
    read_written,
    settle,
    shared_between_organizations,
    verify,
    without_deletes,
)
from ..plan.change import Action
from ..values.address import UUID_PATTERN, Address
from ..values.fixpoint import Progress
from .pipeline import Limits, Planned, make_plan, read_configuration

REPORT_FOLDER = "migration"


@dataclass(frozen=True, slots=True)
class Ends:
    """Both organizations: the source can only be read."""

    source: Reader
    source_id: str
    target: Client
    target_id: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people decided: rows and kinds to ``leave``, ``matches``, and ``theirs`` to win."""

    leave: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One migration after its export: what is to be moved, and what was decided and written."""

    folder: Path
    kinds: Mapping[str, Kind]
    names: frozenset[str]
    exported: Exported
    everything: Moving
    sides: Sides
    left: frozenset[Address]
    left_kinds: frozenset[str]

    @property
    def sources(self) -> dict[Address, str]:
        """The ids in the source of everything that was exported."""
        keys = self.exported.keys.items()
        return {Address(kind, key): i for kind, by_id in keys for i, key in by_id.items()}

    @property
    def unread(self) -> dict[str, str]:
        """The kinds of the source that could not be read, and that nobody leaves."""
        found = self.exported.unread.items()
        return {name: why for name, why in found if name not in self.left_kinds}

    def gone(self) -> Collection[Address]:
        """The rows that were moved, and that the source does not hold any more.

        Where rows of a kind are odd, nobody knows which: none of it counts as gone.
        """
        there = self.sources
        return {
            address
            for address in self.sides.written.rows
            if address not in there
            and address.kind not in self.exported.unread.keys() | self.exported.odd
            and (not self.names or address.kind in self.names)
        }


@dataclass(frozen=True, slots=True)
class Prospect:
    """A plan for the target, with what was left out of it and which rows stay there."""

    moving: Moving
    planned: Planned
    stayed: tuple[Address, ...]
    others: int


async def prepare(
    ends: Ends, kinds: Mapping[str, Kind], folder: Path, exported: Exported, wishes: Wishes,
    names: frozenset[str],
) -> Task:  # fmt: skip
    """Read what was exported and what is known of earlier runs; bind what people matched."""
    written = read_written(folder / REPORT_FOLDER)
    for path in past_runs(folder / DEFAULT_FOLDER):
        if path.stem > written.last_run:
            written.absorb(read_run(path), kinds)
    everything = Moving(read_configuration([folder], {}, kinds, Limits()).configuration)
    addresses = everything.configuration.resources
    theirs = frozenset(_addresses(wishes.theirs, "--theirs", {*addresses, *written.rows}, kinds))
    left_kinds = frozenset(wishes.leave) & kinds.keys()
    rows = tuple(text for text in wishes.leave if text not in kinds)
    left = {*_addresses(rows, "--leave", {*addresses, *written.rows}, kinds)}
    left |= {address for address in addresses if address.kind in left_kinds}
    await _bind(ends, kinds, folder, exported, wishes.matches, addresses)
    here = frozenset(left & addresses.keys())
    everything = narrow(_leaving(everything, here, written), kinds, {})
    sides = Sides(written, theirs)
    return Task(folder, kinds, names, exported, everything, sides, here, left_kinds)


async def plan_on(task: Task, target: Client) -> Prospect:
    """Plan on the target, leaving out what turns out not to be movable there."""
    moving, planned = await _settled(task, target)
    deletes = deletes_of(planned.plan, task.kinds, task.gone(), task.sides)
    plan = without_deletes(planned.plan, deletes.wanted)
    return Prospect(moving, replace(planned, plan=plan), deletes.conflicts, deletes.others)


async def _settled(task: Task, target: Client) -> tuple[Moving, Planned]:
    moving, progress = task.everything, Progress("planning the migration")
    while True:
        progress.insist(moving.decided)
        try:
            planned = await make_plan(moving.configuration, target, task.kinds, spare_odd=True)
        except PlanError as error:
            narrowed = settle(moving, task.kinds, error)
            if narrowed is None:
                raise
            moving = narrowed
            continue
        narrowed = settle(moving, task.kinds, PlanError((), planned.plan.notes)) or keep_theirs(
            moving, planned.plan, task.kinds, task.sides
        )
        if narrowed is None:
            return _left_behind(moving, task), planned
        moving = narrowed


def _left_behind(moving: Moving, task: Task) -> Moving:
    """Take rows that people named for decided, whatever keeps them from being moved."""
    left = dict.fromkeys(task.left, Skipped.of(LEFT))
    return replace(moving, skipped={**moving.skipped, **left})


def _leaving(moving: Moving, left: Collection[Address], written: Written) -> Moving:
    """Leave rows as they are: one that was moved before stays known, but is not compared."""
    resources = dict(moving.configuration.resources)
    skipped: dict[Address, Skipped] = {}
    for address in left:
        if address in written.rows:
            resources[address] = replace(resources[address], values={}, inputs={})
        else:
            skipped[address] = Skipped.of(LEFT)
    configuration = replace(moving.configuration, resources=resources)
    return replace(moving, configuration=configuration, skipped=skipped)


async def _bind(
    ends: Ends, kinds: Mapping[str, Kind], folder: Path, exported: Exported,
    matches: Iterable[str], known: Collection[Address],
) -> None:  # fmt: skip
    """Remember which row of the target stands for a row of the source; raises UsageError."""
    path = bindings_path(folder, ends.target_id)
    bindings = Bindings.read(path)
    seen: dict[str, str] = {}
    for text in matches:
        source, equals, target = text.rpartition("=")
        if not equals or not UUID_PATTERN.match(target):
            raise UsageError(
                f"--match {text} is not SOURCE=TARGET",
                hint="SOURCE is an address or an id in the source, TARGET the id of a row there",
            )
        target = target.lower()
        address = _matched(source, exported, known, kinds)
        other = next((a for a, b in bindings.entries.items() if b.id == target), address)
        if seen.setdefault(target, text) != text or other != address:
            raise UsageError(f"--match {text}: that row stands for {other} already")
        kind = kinds[address.kind]
        there = await read_whole_rows(ends.target, kinds, {kind.name: [target]})
        if kind.can_list and target not in there.get(kind.name, {}):
            raise UsageError(f"--match {text}: the target has no {kind.name}[{target}]")
        bindings.bind(address, target, "adopted")
    try:
        bindings.save()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _matched(
    text: str, exported: Exported, known: Collection[Address], kinds: Mapping[str, Kind]
) -> Address:
    for kind, keys in exported.keys.items():
        if text.lower() in keys:
            return Address(kind, keys[text.lower()])
    [address] = _addresses((text,), "--match", known, kinds)
    return address


def _addresses(
    texts: Iterable[str], option: str, known: Collection[Address], kinds: Mapping[str, Kind]
) -> Iterator[Address]:
    for text in texts:
        kind, _, key = text.partition(".")
        address = Address(kind, key)
        if address not in known:
            what = (
                f"there is no kind {kind!r}" if kind not in kinds else "the source has no such row"
            )
            hint = "an address is KIND.KEY, as in the exported files and in the report"
            raise UsageError(f"{option} {text}: {what}", hint=hint)
        yield address


async def look_back(
    task: Task, ends: Ends, prospect: Prospect, causes: Iterable[Cause]
) -> MigrationReport:
    """Read both organizations again, and compare them from what the source holds now."""
    moving, planned = prospect.moving, prospect.planned
    moved = tuple(_moved(task, moving, planned))
    found = await _verify(task, ends, prospect, moved)
    entries = planned.bindings.entries.items()
    kinds = task.kinds.values()
    return MigrationReport(
        source=ends.source_id,
        target=ends.target_id,
        moved=moved,
        adopted=frozenset(address for address, binding in entries if binding.origin == "adopted"),
        moving=moving,
        sources=task.sources,
        unmoved={kind.name: _why_not(kind) for kind in kinds if not _movable(kind)},
        secrets=tuple(_secrets(task.kinds)),
        errors=dict(Counter({cause.reason: cause.count for cause in causes})),
        stayed=prospect.stayed,
        verification=found,
    )


async def _verify(
    task: Task, ends: Ends, prospect: Prospect, moved: Iterable[Moved]
) -> Verification:
    shared = shared_between_organizations(task.kinds, tenant_of(task.kinds))
    keys = task.exported.keys
    foreign = {row_id for name, ids in keys.items() if name not in shared for row_id in ids}
    by_address = {one.address: one for one in moved}
    expected = Expected(
        keys,
        by_address,
        prospect.moving.skipped,
        frozenset({*foreign, ends.source_id}),
        prospect.planned.bindings.stored,
    )
    with Spool() as spool:
        selection = Selection(task.names)
        await read_rows(spool, ends.source, task.kinds, selection, lambda kind, rows: None)
        spool.odd = [row for row in spool.odd if row.kind not in task.left_kinds]
        for name in task.left_kinds:
            spool.unread.pop(name, None)
        return await verify(spool, ends.target, task.kinds, expected, task.sides.written)


def _moved(task: Task, moving: Moving, planned: Planned) -> Iterator[Moved]:
    """Put the ids of both sides together; what was not created is not moved."""
    cleared: dict[Address, set[str]] = {}
    for one in moving.cleared:
        cleared.setdefault(one.address, set()).add(one.column)
    for owner, column in moving.unsure:
        cleared.setdefault(owner, set()).add(column)
    changes = planned.plan.changes
    waiting = {change.address for change in changes if change.action is Action.CREATE}
    there = {address: row_id for row_id, address in planned.plan.names.items()}
    for address, source in task.sources.items():
        target = there.get(str(address))
        if target and address not in waiting and address in moving.configuration.resources:
            yield Moved(address, source, target, frozenset(cleared.get(address, ())))


def _movable(kind: Kind) -> bool:
    return kind.in_yaml and kind.can_list


def _why_not(kind: Kind) -> str:
    return "it cannot be read" if not kind.can_list else "the API only lists it"


def _secrets(kinds: Mapping[str, Kind]) -> Iterator[str]:
    for kind in kinds.values():
        for column in kind.columns.values():
            if _movable(kind) and column.sensitive:
                yield f"{kind.name}.{column.name}"
