"""Take what changed live into the files: read → compare three sides → decide → edit in place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from ..catalogue import Kind
from ..catalogue.names import split_names
from ..client.protocols import Reader
from ..configuration.load.variable_file import Sources
from ..configuration.provenance import BASE
from ..configuration.read import Desired
from ..diagnostics import PlanError, UsageError
from ..exporting.choosing import leave_out_released
from ..exporting.cycles import Point, cycles
from ..exporting.reading import read_into, read_profiles
from ..exporting.selection import Selection
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..live.organization import organization_of
from ..plan.unmanaged import Unmanaged
from ..planning.unmanaged import read_unmanaged
from ..remembered import Remembered, remembered_in
from ..sync.edited import Decided, edit_files
from ..sync.finishing import Folder
from ..sync.matching import Matched, match
from ..sync.past import had_rows
from ..sync.settling import Settled, keep_new, settle, settle_bindings
from ..values.column import Column
from ..values.sent import Row
from .base import Base, read_base
from .choosing import Decision
from .commit import find_commit
from .comparing import Divergences, compare

WOULD_CHANGE = 2
"""The exit code where something would come into the files, and nothing was written."""
CONFLICTS_LEFT = 6
"""The exit code where both sides changed, and nobody has decided."""


@dataclass(frozen=True, slots=True)
class LookedFor:
    """The rows that are in no YAML, if somebody asked, and those of them that come into it.

    The ``spool`` holds the latter; ``profiles`` are the rows that their inputs stand for.
    """

    spool: Spool
    unmanaged: tuple[Unmanaged, ...] | None = None
    profiles: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    @property
    def new(self) -> Mapping[str, int]:
        """Count the rows that come into the files, by kind."""
        return {name: len(ids) for name, ids in self.spool.ids.items() if ids}


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: ``named`` is the commit that people name as the one that was applied.

    Rows that are in no YAML are counted if ``unmanaged``, and come into it where they are
    ``chosen``; new keys of ``readable_keys``, which are kinds, may hold names of people.
    """

    named: str | None = None
    unmanaged: bool = False
    chosen: Selection = field(default_factory=Selection)
    readable_keys: frozenset[str] = frozenset()

    @classmethod
    def given(
        cls,
        kinds: Mapping[str, Kind],
        base: str | None,
        names: Iterable[str],
        where: Iterable[str],
        readable_keys: Iterable[str],
        *,
        unmanaged: bool,
    ) -> Self:
        """Read it as people give it; raises UsageError."""
        chosen = Selection.given(names, where, kinds)
        readable = frozenset(split_names(readable_keys, kinds))
        if not unmanaged and not chosen.is_whole:
            message = "--kinds and --where choose rows that are in no YAML"
            raise UsageError(message, hint="give --unmanaged, too")
        return cls(base, unmanaged, chosen, readable)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was read, and what of it is not as the files say; nothing is decided yet.

    ``base`` is None outside of git: then nobody knows who changed what.
    """

    desired: Desired
    sources: Sources
    remembered: Remembered
    matched: Matched
    base: Base | None
    divergences: Divergences
    strangers: LookedFor


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came into the files, or would come, and what the reader should know.

    ``conflicts`` names the resources and columns that nobody has decided about. ``written`` tells
    that files were edited.
    """

    added: int
    changed: int
    removed: int
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    written: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code: conflicts that are left go before what only would come."""
        if self.conflicts:
            return CONFLICTS_LEFT
        would_change = not self.written and (self.added or self.changed or self.removed)
        return WOULD_CHANGE if would_change else 0


async def look(
    client: Reader,
    kinds: Mapping[str, Kind],
    desired: Desired,
    sources: Sources,
    sought: Sought,
    spool: Spool,
) -> Compared:
    """Read what is live and what was applied, and compare both with the files.

    ``sources`` are where variables have their values from; the ``spool`` gets the rows that come
    into the files.

    Raises PlanError where files and rows do not fit together, UsageError where nobody knows what
    was applied.
    """
    configuration, folder = desired.configuration, desired.loaded.folder
    organization = await organization_of(client, kinds, configuration)
    remembered = remembered_in(folder, organization, configuration.stack)
    commit = find_commit(folder, organization, sought.named)
    matched = await match(client, configuration, kinds, remembered)
    if matched.identities.problems:
        raise PlanError(matched.identities.problems)
    if commit:
        base = read_base(commit, desired, sources, kinds, organization)
        divergences = compare(matched, kinds, base)
    else:
        base, notes = None, list[str]()
        had = had_rows(folder, remembered.owner, kinds, notes)
        divergences = compare(matched, kinds, None, had)
        divergences = replace(divergences, left=(*notes, *divergences.left))
    strangers = LookedFor(spool)
    if sought.unmanaged:
        strangers = await _look_for(client, kinds, matched, remembered, sought, spool)
    return Compared(desired, sources, remembered, matched, base, divergences, strangers)


async def _look_for(
    client: Reader,
    kinds: Mapping[str, Kind],
    matched: Matched,
    remembered: Remembered,
    sought: Sought,
    spool: Spool,
) -> LookedFor:
    """Count the rows that are in no YAML, and read those that come into it."""
    configuration, identities = matched.configuration, matched.identities
    owner, bindings = remembered.owner, remembered.bindings.entries
    found = await read_unmanaged(client, configuration, kinds, remembered, identities)
    if not sought.chosen.is_whole:
        await read_into(spool, client, kinds, sought.chosen, lambda kind, rows: None)
        keep_new(spool, kinds, matched, (), owner)
        leave_out_released(spool, owner, bindings, configuration.resources)
    return LookedFor(spool, found.found, await read_profiles(client, spool, kinds))


def take_in(
    compared: Compared,
    decision: Decision,
    kinds: Mapping[str, Kind],
    *,
    into: int,
    check: bool,
    readable_keys: frozenset[str] = frozenset(),
) -> Pulled:
    """Edit the files where anything comes into them, unless ``check`` only asks for what would.

    Raises UsageError, as :func:`write` does.
    """
    if check or not (decision.changes or compared.strangers.new):
        return foreseen(compared, decision)
    return write(compared, decision, kinds, into=into, readable_keys=readable_keys)


def write(
    compared: Compared,
    decision: Decision,
    kinds: Mapping[str, Kind],
    *,
    into: int,
    readable_keys: frozenset[str] = frozenset(),
) -> Pulled:
    """Edit the files, all or none; raises UsageError where they cannot be edited.

    ``into`` is the layer that takes what is new, and what is laid over the folder; new keys of
    the kinds ``readable_keys`` may hold names of people.
    """
    matched, remembered = compared.matched, compared.remembered
    owner, bindings = remembered.owner, remembered.bindings.entries
    configuration = compared.desired.configuration
    settled = _settled(compared, decision, kinds, readable_keys, shared=into != BASE)
    after = settle_bindings(settled, kinds, matched, bindings, owner)
    folder = Folder(
        compared.desired.loaded,
        configuration,
        owner,
        lambda whole: whole,
        compared.sources,
    )
    closing = _closing(compared, decision, kinds)
    decided = Decided(
        kinds,
        settled,
        Writing(kinds, settled.keys, compared.strangers.profiles, closing=closing),
        bindings,
        after,
        into=into,
        takes=lambda address, column: column in decision.taken.get(address, ()),
    )
    changes, spool = compared.divergences.changes, compared.strangers.spool
    done = edit_files(folder, decided, matched, changes, spool)
    added = sum(done.added.values())
    names = _names(decision)
    return Pulled(added, done.changed, done.removed, done.notes, names, written=True)


def foreseen(compared: Compared, decision: Decision) -> Pulled:
    """Tell what would come into the files."""
    added = sum(compared.strangers.new.values())
    notes = compared.divergences.left
    return Pulled(added, len(decision.taken), len(decision.removed), notes, _names(decision))


def _names(decision: Decision) -> tuple[str, ...]:
    return tuple(one.name for one in decision.conflicts)


def _settled(
    compared: Compared,
    decision: Decision,
    kinds: Mapping[str, Kind],
    readable_keys: frozenset[str],
    *,
    shared: bool,
) -> Settled:
    matched, everything = compared.matched, compared.desired.configuration
    remembered = compared.remembered
    selected: dict[str, set[str]] = {}
    for address in decision.taken:
        selected.setdefault(address.kind, set()).add(str(matched.row_of(address)))
    settled = settle(
        compared.strangers.spool, kinds, matched, everything, remembered.bindings.entries,
        remembered.owner, whole=False, prune=False, shared=shared, readable_keys=readable_keys,
        removed=decision.removed,
    )  # fmt: skip
    return replace(settled, selected={kind: frozenset(ids) for kind, ids in selected.items()})


def _closing(
    compared: Compared, decision: Decision, kinds: Mapping[str, Kind]
) -> frozenset[tuple[Point, Point]]:
    """Find the references that must stay ids, lest keys go round in a cycle."""
    matched, new = compared.matched, compared.strangers.spool
    columns = {(a.kind, name) for a, names in decision.taken.items() for name in names}
    if not new.ids and not any(_refers(kinds[kind].columns[name]) for kind, name in columns):
        return frozenset()
    with Spool() as spool:
        for name, rows in matched.live.rows.items():
            if any(map(_refers, kinds[name].columns.values())):
                spool.add(kinds[name], rows.values())
        for name in new.ids:
            spool.add(kinds[name], new.rows(name))
        return cycles(spool, kinds)


def _refers(column: Column) -> bool:
    return bool(column.reference or column.places)
