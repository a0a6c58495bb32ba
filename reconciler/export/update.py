"""Export into a folder that people have edited: only what changed live is changed in it.

match rows to addresses → columns that differ, rows that are gone, rows that are new → edits of the
files → read them again, until nothing differs. Keys, comments, order, variables and anchors stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import Binding, bindings_path, read_bindings, write_bindings
from ..client import Reader
from ..errors import Problem, ReconcilerError, UsageError
from ..ids import Owner
from ..kind import Kind
from ..load import Loaded, load
from ..resource import Address, Configuration, with_references
from ..validate import validate
from .choosing import notes_of
from .circles import closing
from .editing import Editor
from .export import Options
from .files import Files, restore
from .matching import Matched, differing, match, match_again, without_row
from .reading import read_into, read_profiles
from .settling import Settled, settle, settle_bindings
from .spool import Spool, Tell
from .values import Writing

ROUNDS = 6
"""Reading an edited folder again shows what the edits changed elsewhere, through anchors."""

FEW = 5

Before = dict[Path, bytes | None]


@dataclass(frozen=True, slots=True)
class Updated:
    """What was changed: rows added by kind, resources changed and removed, and what to know."""

    added: Mapping[str, int]
    changed: int
    removed: int
    notes: tuple[str, ...]


async def update(
    client: Reader,
    kinds: Mapping[str, Kind],
    organization: str,
    loaded: Loaded,
    configuration: Configuration,
    options: Options,
    tell: Tell = lambda kind, rows: None,
) -> Updated:
    """Bring the folder that a configuration was read from in line with the live rows.

    Raises PlanError where they do not fit together, and UsageError where the files cannot be
    edited; then nothing is changed.
    """
    owner = Owner(organization, configuration.stack)
    path = bindings_path(loaded.folder, organization)
    bindings = read_bindings(path)
    part = _part(configuration, options)
    with Spool() as spool:
        await read_into(spool, client, kinds, options.selection, tell)
        matched = await match(client, part, kinds, owner, bindings)
        settled = settle(
            spool, kinds, matched, configuration, bindings, owner,
            whole=options.selection.is_whole, prune=options.prune,
        )  # fmt: skip
        editor = Editor(kinds, settled, await _writing(client, spool, kinds, settled, options))
        files = Files.of(loaded.folder, loaded.layers[0])
        editor.set(files, configuration, differing(matched, kinds))
        editor.remove(files, configuration)
        editor.add(files, spool, single_file=options.single_file)
        after = settle_bindings(settled, kinds, matched, bindings, owner)
        pending = tuple(_pending(matched, kinds, settled))
        matched = matched.with_rows(spool, kinds)
        notes = tuple(notes_of(spool, kinds))
    before = files.write()
    try:
        if before:
            _until_equal(editor, matched, loaded, options, owner, after, before)
        if after != bindings:
            write_bindings(path, after)
    except OSError as error:
        restore(before)
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
    except ReconcilerError:
        restore(before)
        raise
    return Updated(
        editor.added,
        len(editor.changed),
        len(editor.removed),
        (*notes, *editor.writing.notes(), *editor.left, *pending),
    )


def _part(configuration: Configuration, options: Options) -> Configuration:
    """Limit a configuration to the kinds that the export is about, and what they refer to."""
    selection = options.selection
    if selection.is_whole or selection.with_references:
        return configuration
    addresses = frozenset(a for a in configuration.resources if a.kind in selection.names)
    return with_references(replace(configuration, limited=addresses))


async def _writing(
    client: Reader, spool: Spool, kinds: Mapping[str, Kind], settled: Settled, options: Options
) -> Writing:
    return Writing(
        kinds,
        settled.keys,
        await read_profiles(client, spool, kinds),
        omit_defaults=options.omit_defaults,
        closing=closing(spool, kinds),
    )


def _until_equal(
    editor: Editor,
    matched: Matched,
    loaded: Loaded,
    options: Options,
    owner: Owner,
    bindings: Mapping[Address, Binding],
    before: Before,
) -> None:
    """Read what was edited and compare again; puts what was there before into ``before``."""
    for _ in range(ROUNDS):
        again = load([loaded.folder], variables=loaded.variables, environment={})
        configuration, problems = validate(again, editor.kinds, unset_is_error=True)
        if configuration is None:
            raise _cannot_be_edited(problems)
        part = _part(configuration, options)
        matched = match_again(matched, part, editor.kinds, owner, bindings)
        if matched.identities.problems:
            raise _cannot_be_edited(matched.identities.problems)
        files = Files.of(again.folder, again.layers[0])
        editor.set(files, configuration, differing(matched, editor.kinds))
        more = files.write()
        for path, data in more.items():
            before.setdefault(path, data)
        if not more:
            return


def _cannot_be_edited(problems: tuple[Problem, ...]) -> UsageError:
    first = next(problem for problem in problems if problem.is_error)
    return UsageError(
        f"the files could not be edited, since then {first.message} ({first.position})",
        hint="nothing was changed; bring this part in line by hand, then run it again",
    )


def _pending(matched: Matched, kinds: Mapping[str, Kind], settled: Settled) -> Iterator[str]:
    """Say which resources have no row, and stay."""
    stay = sorted(without_row(matched, kinds, known=False) - settled.removed)
    if stay and settled.whole:
        named = ", ".join(map(str, stay[:FEW])) + (", …" if len(stay) > FEW else "")
        yield (
            f"not there: {named} ({len(stay)} in all); left in the YAML, since nobody can tell "
            "whether they were deleted or not applied yet: --prune takes them out"
        )
