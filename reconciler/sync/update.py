"""Export into a folder that people have edited: only what changed live is changed in it.

match rows to addresses → columns that differ, rows that are gone, rows that are new → edits of the
files → read them again, until nothing differs. Keys, comments, order, variables and anchors stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.load import Loaded
from ..configuration.load.variable_file import Sources
from ..configuration.provenance import BASE
from ..configuration.resource import Configuration, with_references
from ..diagnostics import PlanError
from ..exporting.choosing import is_whole, notes_of
from ..exporting.cycles import Point, cycles
from ..exporting.export import Options
from ..exporting.reading import read_into, read_profiles
from ..exporting.spool import Spool, Tell
from ..exporting.values import Writing
from ..ids import Owner
from ..remembered import remembered_in
from ..values.address import Address
from .edited import Decided, edit_files
from .finishing import Folder
from .matching import Matched, differing, match, without_row
from .past import had_rows
from .settling import Settled, settle, settle_bindings

FEW = 5


@dataclass(frozen=True, slots=True)
class Updated:
    """What was changed: rows added by kind, resources changed and removed, and what to know.

    ``whole`` is as that of an export into a new folder.
    """

    added: Mapping[str, int]
    changed: int
    removed: int
    notes: tuple[str, ...]
    whole: bool


async def update(
    client: Reader,
    kinds: Mapping[str, Kind],
    organization: str,
    loaded: Loaded,
    configuration: Configuration,
    options: Options,
    tell: Tell = lambda kind, rows: None,
    *,
    into: int = BASE,
    sources: Sources | None = None,
) -> Updated:
    """Bring the folder that a configuration was read from in line with the live rows.

    ``into`` is the layer that takes what is new, and what is laid over the folder; ``sources``
    are where variables have their values from.

    Raises PlanError where they do not fit together, and UsageError where the files cannot be
    edited; then nothing is changed.
    """
    remembered = remembered_in(loaded.folder, organization, configuration.stack)
    owner, bindings = remembered.owner, remembered.bindings.entries
    folder = Folder(loaded, configuration, owner, partial(_part, options=options), sources)
    with Spool() as spool:
        await read_into(spool, client, kinds, options.selection, tell)
        matched = await match(client, folder.part(configuration), kinds, remembered)
        if matched.identities.problems:
            raise PlanError(matched.identities.problems)
        closing = cycles(spool, kinds)
        settled = settle(
            spool, kinds, matched, configuration, bindings, owner,
            whole=options.selection.is_whole, prune=options.prune,
            had_rows=_had_rows(spool, kinds, matched, loaded, owner, options), shared=into != BASE,
            readable_keys=options.readable_keys,
        )  # fmt: skip
        writing = await _writing(client, spool, kinds, settled, options, closing)
        after = settle_bindings(settled, kinds, matched, bindings, owner)
        pending = tuple(_pending(matched, kinds, settled))
        notes, all_there = tuple(notes_of(spool, kinds)), is_whole(spool, kinds)
        decided = Decided(kinds, settled, writing, bindings, after, into=into)
        changes = tuple(differing(matched, kinds))
        done = edit_files(folder, decided, matched, changes, spool, single_file=options.single_file)
    told = (*notes, *done.notes, *pending)
    return Updated(done.added, done.changed, done.removed, told, all_there)


def _part(configuration: Configuration, options: Options) -> Configuration:
    """Limit a configuration to the kinds that the export is about, and what they refer to."""
    selection = options.selection
    if selection.is_whole or selection.with_references:
        return configuration
    addresses = frozenset(a for a in configuration.resources if a.kind in selection.names)
    return with_references(replace(configuration, limited=addresses))


def _had_rows(
    spool: Spool,
    kinds: Mapping[str, Kind],
    matched: Matched,
    loaded: Loaded,
    owner: Owner,
    options: Options,
) -> frozenset[Address]:
    """Ask the journal, where resources have no row and nothing else tells whether they had one."""
    if options.prune or not options.selection.is_whole:
        return frozenset()
    missing = without_row(matched, kinds, known=False) - without_row(matched, kinds, known=True)
    return had_rows(loaded.folder, owner, kinds, spool.notes) & missing if missing else frozenset()


async def _writing(
    client: Reader,
    spool: Spool,
    kinds: Mapping[str, Kind],
    settled: Settled,
    options: Options,
    closing: frozenset[tuple[Point, Point]],
) -> Writing:
    return Writing(
        kinds,
        settled.keys,
        await read_profiles(client, spool, kinds),
        omit_defaults=options.omit_defaults,
        closing=closing,
    )


def _pending(matched: Matched, kinds: Mapping[str, Kind], settled: Settled) -> Iterator[str]:
    """Say which resources have no row, and stay."""
    stay = sorted(without_row(matched, kinds, known=False) - settled.removed)
    if stay and settled.whole:
        named = ", ".join(map(str, stay[:FEW])) + (", …" if len(stay) > FEW else "")
        yield (
            f"not there: {named} ({len(stay)} in all); left in the YAML, since neither bindings "
            "nor journal tell whether they were deleted or not applied yet: --prune takes them out"
        )
