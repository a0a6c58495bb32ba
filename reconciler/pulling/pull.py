"""Take what changed live into the files: read → compare three sides → decide → edit in place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.load.variable_file import Sources
from ..configuration.read import Desired
from ..diagnostics import PlanError
from ..exporting.cycles import Point, cycles
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..ids import Owner
from ..live.organization import organization_of
from ..sync.carrying import Decided, carry_out
from ..sync.finishing import Folder
from ..sync.matching import Matched, match
from ..sync.past import had_rows
from ..sync.settling import Settled, known_keys, settle_bindings
from ..transfers import owner_in
from ..values.column import Column
from .base import Base, read_base
from .choosing import Decision
from .commit import find_commit
from .comparing import Divergences, compare


@dataclass(frozen=True, slots=True)
class Compared:
    """What was read, and what of it is not as the files say; nothing is decided yet.

    ``base`` is None outside of git: then nobody knows who changed what.
    """

    desired: Desired
    sources: Sources
    owner: Owner
    bound: Bindings
    matched: Matched
    base: Base | None
    divergences: Divergences


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came into the files, and what the reader should know."""

    changed: int
    removed: int
    notes: tuple[str, ...]


async def look(
    client: Reader,
    kinds: Mapping[str, Kind],
    desired: Desired,
    sources: Sources,
    named: str | None,
) -> Compared:
    """Read what is live and what was applied, and compare both with the files.

    ``sources`` are where variables have their values from; ``named`` is the commit that people
    name as the one that was applied.

    Raises PlanError where files and rows do not fit together, UsageError where nobody knows what
    was applied.
    """
    configuration, folder = desired.configuration, desired.loaded.folder
    organization = await organization_of(client, kinds, configuration)
    owner = owner_in(folder, organization, configuration.stack)
    commit = find_commit(folder, organization, named)
    bound = Bindings.read(bindings_path(folder, organization))
    matched = await match(client, configuration, kinds, owner, bound)
    if matched.identities.problems:
        raise PlanError(matched.identities.problems)
    if commit:
        base = read_base(commit, desired, sources, kinds, organization)
        divergences = compare(matched, kinds, base)
    else:
        base, notes = None, list[str]()
        divergences = compare(matched, kinds, None, had_rows(folder, owner, kinds, notes))
        divergences = replace(divergences, left=(*notes, *divergences.left))
    return Compared(desired, sources, owner, bound, matched, base, divergences)


def write(
    compared: Compared, decision: Decision, kinds: Mapping[str, Kind], *, into: int
) -> Pulled:
    """Edit the files, all or none; raises UsageError where they cannot be edited.

    ``into`` is the layer that takes what is laid over the folder.
    """
    matched, bindings = compared.matched, compared.bound.entries
    configuration = compared.desired.configuration
    settled = _settled(compared, decision, kinds)
    after = settle_bindings(settled, kinds, matched, bindings, compared.owner)
    folder = Folder(
        compared.desired.loaded,
        configuration,
        compared.owner,
        lambda whole: whole,
        compared.sources,
    )
    closing = _closing(matched, decision, kinds)
    decided = Decided(
        kinds,
        settled,
        Writing(kinds, settled.keys, {}, closing=closing),
        bindings,
        after,
        into=into,
        takes=lambda address, column: column in decision.taken.get(address, ()),
    )
    done = carry_out(folder, decided, matched, compared.divergences.changes)
    return Pulled(done.changed, done.removed, done.notes)


def _settled(compared: Compared, decision: Decision, kinds: Mapping[str, Kind]) -> Settled:
    matched, everything = compared.matched, compared.desired.configuration
    selected: dict[str, set[str]] = {}
    for address in decision.taken:
        selected.setdefault(address.kind, set()).add(str(matched.row_of(address)))
    keys, _ = known_keys(
        everything, matched, decision.removed, compared.bound.entries, compared.owner
    )
    return Settled(
        removed=decision.removed,
        selected={kind: frozenset(ids) for kind, ids in selected.items()},
        keys=keys,
        new={},
        whole=False,
    )


def _closing(
    matched: Matched, decision: Decision, kinds: Mapping[str, Kind]
) -> frozenset[tuple[Point, Point]]:
    """Find the references that must stay ids, lest keys go round in a cycle."""
    columns = {(a.kind, name) for a, names in decision.taken.items() for name in names}
    if not any(_refers(kinds[kind].columns[name]) for kind, name in columns):
        return frozenset()
    with Spool() as spool:
        for name, rows in matched.live.rows.items():
            if any(map(_refers, kinds[name].columns.values())):
                spool.add(kinds[name], rows.values())
        return cycles(spool, kinds)


def _refers(column: Column) -> bool:
    return bool(column.reference or column.places)
