"""Edit until the files say what is live; only then write them and the bindings, all or none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..bindings import Binding, bindings_path, bindings_text, read_stored
from ..configuration.load import Loaded, load
from ..configuration.resource import Configuration, Resource
from ..configuration.validate import validate
from ..diagnostics import Problem, UsageError
from ..exporting.staging import replace_files
from ..ids import Owner
from ..values.address import Address
from .editing import Editor
from .files import Files
from .matching import Matched, differing, match_again

ROUNDS = 6
"""Reading an edited folder again shows what the edits changed elsewhere, through anchors."""

Bindings = Mapping[Address, Binding]


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that is edited: as it was read, whose it is, and the part of it that counts."""

    loaded: Loaded
    whole: Configuration
    owner: Owner
    part: Callable[[Configuration], Configuration]


class CannotBeEditedError(UsageError):
    """What the edits make of the files does not say what was wanted."""


def finish(
    folder: Folder, editor: Editor, files: Files, matched: Matched, had: Bindings, after: Bindings
) -> None:
    """Write everything, or nothing; raises UsageError where the files cannot be edited."""
    if files.collect():
        _until_equal(folder, editor, files, matched, after)
    new = dict(files.new)
    if after != had:
        path = bindings_path(folder.loaded.folder, folder.owner.organization)
        new[path] = bindings_text(after, read_stored(path)).encode()
    try:
        replace_files(folder.loaded.folder, new)
    except OSError as error:
        message = f"{folder.loaded.folder} cannot be written: {error.strerror}"
        raise UsageError(message, hint="nothing was changed") from error


def _until_equal(
    folder: Folder, editor: Editor, files: Files, matched: Matched, bindings: Bindings
) -> None:
    """Read what the files would say and compare again, until nothing is left to be edited."""
    known = {(problem.code, problem.address) for problem in matched.identities.problems}
    variables = folder.loaded.variables
    for _ in range(ROUNDS):
        again = load(
            [folder.loaded.folder],
            variables=variables.given,
            environment=variables.environment,
            instead=files.new,
        )
        configuration, problems = validate(again, editor.kinds, unset_is_error=True)
        if configuration is None:
            raise _cannot_be_edited(problems)
        _check_others(folder.whole, configuration, editor, matched)
        part = folder.part(configuration)
        matched = match_again(matched, part, editor.kinds, folder.owner, bindings)
        new = [p for p in matched.identities.problems if (p.code, p.address) not in known]
        if new:
            raise _cannot_be_edited(new)
        files = Files.of(again, files.new)
        editor.set(files, configuration, differing(matched, editor.kinds))
        if not files.collect():
            return
    raise _cannot_be_edited(())


def _check_others(
    before: Configuration, now: Configuration, editor: Editor, matched: Matched
) -> None:
    """Refuse edits that change, through an anchor, what resources say that nobody looked at."""
    settled = editor.settled
    for address, was in before.resources.items():
        resource = now.resources.get(address)
        selected = matched.row_of(address) in settled.selected.get(address.kind, ())
        looked_at = selected or address in settled.removed
        if address not in editor.removed and not _still_names(resource, was):
            raise CannotBeEditedError(f"{address} would no longer say all that it says")
        if resource and not looked_at and resource.values != was.values:
            names = [n for n, value in was.values.items() if resource.values.get(n) != value]
            raise CannotBeEditedError(
                f"{address} would change too, since it has {', '.join(names)} from an anchor",
                hint="nothing was changed; write its own value there, then run it again",
            )


def _still_names(resource: Resource | None, was: Resource) -> bool:
    """Tell whether a resource gives all the columns that it gave before."""
    return resource is not None and was.values.keys() <= resource.values.keys()


def _cannot_be_edited(problems: Iterable[Problem]) -> CannotBeEditedError:
    first = next((problem for problem in problems if problem.is_error), None)
    why = f"since then {first.message} ({first.position})" if first else "each edit asks for more"
    return CannotBeEditedError(
        f"the files could not be edited, {why}",
        hint="nothing was changed; bring this part in line by hand, then run it again",
    )
