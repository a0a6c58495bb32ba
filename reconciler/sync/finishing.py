"""Edit until the files say what is live; only then write them and the bindings, all or none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from ..bindings import Binding, bindings_path, bindings_text, read_stored
from ..configuration.load import Loaded, load
from ..configuration.load.files import absolute, holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.resource import Configuration, Resource
from ..configuration.validate import validate
from ..diagnostics import Problem, UsageError
from ..ids import Owner
from ..plan.change import Change
from ..staging import Changes, replace_together
from ..values.address import Address
from .editing import Editor
from .files import Files, check_as_read
from .holding import variables_in
from .matching import Matched, differing, match_again

ROUNDS = 6
"""Reading an edited folder again shows what the edits changed elsewhere, through anchors."""

NOTHING: Mapping[Path, Changes] = MappingProxyType({})

Bindings = Mapping[Address, Binding]


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that is edited: as it was read, whose it is, and the part of it that counts.

    ``sources`` are where variables have their values from, and ``variable_files`` what
    files of them get to hold.
    """

    loaded: Loaded
    whole: Configuration
    owner: Owner
    part: Callable[[Configuration], Configuration]
    sources: Sources | None = None
    variable_files: Mapping[Path, bytes] = field(default_factory=dict)


class CannotBeEditedError(UsageError):
    """What the edits make of the files does not say what was wanted."""


class VariablesCannotSayError(Exception):
    """Variables with these ``names`` got other values, and what is live is still not said."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


def finish(
    folder: Folder,
    editor: Editor,
    files: Files,
    matched: Matched,
    changes: Sequence[Change],
    had: Bindings,
    after: Bindings,
    besides: Mapping[Path, Changes] = NOTHING,
) -> None:
    """Write everything, or nothing; raises UsageError where the files cannot be edited.

    ``changes`` are all that differed before. The files are read again first: they must say what
    was wanted, and nothing else. ``besides`` is what else is written with them, by folder.
    """
    editor.write(files)
    if files.collect() or folder.variable_files:
        _until_equal(folder, editor, files, matched, changes, had, after)
    check_as_read(folder.loaded, files.new)
    new = dict(files.new)
    if after != had:
        path = bindings_path(folder.loaded.folder, folder.owner.organization)
        new[path] = bindings_text(after, read_stored(path)).encode()
    _write(folder.loaded, new, folder.variable_files, besides)


def _write(
    loaded: Loaded,
    new: Mapping[Path, bytes],
    variables: Mapping[Path, bytes],
    besides: Mapping[Path, Changes],
) -> None:
    """Write the files of all folders together; raises UsageError where that cannot be."""
    overlays = [holder_of(path) for path in loaded.overlays]
    folders = {folder: Changes() for folder in (loaded.folder, *overlays)}
    for path, data in new.items():
        folder = next((f for f in overlays if path.is_relative_to(f)), loaded.folder)
        folders[folder].files[path] = data
    for path, data in variables.items():
        path = absolute(path)
        folders.setdefault(path.parent, Changes()).files[path] = data
    for other, changes in besides.items():
        known = folders.setdefault(other, Changes())
        known.files |= changes.files
        known.gone += changes.gone
    replace_together(folders)


def _until_equal(
    folder: Folder,
    editor: Editor,
    files: Files,
    matched: Matched,
    changes: Sequence[Change],
    had: Bindings,
    bindings: Bindings,
) -> None:
    """Read what the files would say and compare again, until nothing is left to be edited."""
    known = {(problem.code, problem.address) for problem in matched.identities.problems}
    variables = folder.loaded.variables
    given = folder.sources.values(folder.variable_files) if folder.sources else variables.given
    differed = frozenset(change.address for change in changes if change.address)
    for _ in range(ROUNDS):
        again = load(
            [folder.loaded.folder, *folder.loaded.overlays],
            variables=given,
            environment=variables.environment,
            instead=files.new,
            known=folder.loaded.sources,
        )
        known_before = None if folder.variable_files else folder.whole.resources
        configuration, problems = validate(
            again, editor.kinds, unset_is_error=True, known=known_before
        )
        if configuration is None:
            raise _cannot_be_edited(problems)
        _check_others(folder.whole, configuration, editor, matched)
        touched = _touched(folder.whole, configuration, differed)
        part = folder.part(configuration)
        if bindings == had and matched.means_the_same(part, touched):
            matched = replace(matched, configuration=part)
        else:
            matched = match_again(matched, part, editor.kinds, folder.owner, bindings)
        new = [p for p in matched.identities.problems if (p.code, p.address) not in known]
        if new:
            raise _cannot_be_edited(new)
        files = Files.of(again, files.new)
        editor.set(files, configuration, differing(matched.only(touched), editor.kinds))
        editor.write(files)
        names = {n for _, _, need in editor.uses.differing() for n in variables_in(need.node)}
        if in_vain := editor.uses.solved & names:
            raise VariablesCannotSayError(in_vain)
        if not files.collect():
            return
    raise _cannot_be_edited(())


def _touched(
    before: Configuration, now: Configuration, differed: frozenset[Address]
) -> frozenset[Address]:
    """Name what may differ from the rows: what did, and what the edits changed; nothing else."""
    was = before.resources
    changed = {
        address
        for address, resource in now.resources.items()
        if address not in was or was[address].values != resource.values
    }
    return differed | changed


def _check_others(
    before: Configuration, now: Configuration, editor: Editor, matched: Matched
) -> None:
    """Refuse edits that change, through an anchor, what resources say that nobody looked at."""
    settled = editor.settled
    new = {Address(name, key) for name, keys in settled.new.items() for key in keys.values()}
    for address in now.resources.keys() - before.resources.keys() - new:
        raise CannotBeEditedError(f"{address} would be there, and nobody asked for it")
    for address, was in before.resources.items():
        resource = now.resources.get(address)
        if address not in editor.removed and not _still_names(resource, was):
            raise CannotBeEditedError(f"{address} would no longer say all that it says")
        if resource is None or address in settled.removed or resource.values == was.values:
            continue
        selected = matched.row_of(address) in settled.selected.get(address.kind, ())
        names = [
            name
            for name, value in was.values.items()
            if resource.values.get(name) != value and not (selected and editor.takes(address, name))
        ]
        if names:
            raise CannotBeEditedError(
                f"{address} would change too, since it has {', '.join(names)} from an anchor",
                hint="nothing was changed; write its own value there, then run it again",
            )


def _still_names(resource: Resource | None, was: Resource) -> bool:
    """Tell whether a resource gives all the columns that it gave before, and exists as it did."""
    return (
        resource is not None
        and resource.absent == was.absent
        and was.values.keys() <= resource.values.keys()
    )


def _cannot_be_edited(problems: Iterable[Problem]) -> CannotBeEditedError:
    first = next((problem for problem in problems if problem.is_error), None)
    why = f"since then {first.message} ({first.position})" if first else "each edit asks for more"
    return CannotBeEditedError(
        f"the files could not be edited, {why}",
        hint="nothing was changed; bring this part in line by hand, then run it again",
    )
