"""Write edited files and bindings; read them again until they say what is live, or undo it all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..bindings import Binding, bindings_path, write_bindings
from ..errors import Problem, UsageError
from ..ids import Owner
from ..load import Loaded, load
from ..resource import Address, Configuration
from ..validate import validate
from .editing import Editor
from .files import Files, restore
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


def finish(
    folder: Folder, editor: Editor, files: Files, matched: Matched, had: Bindings, after: Bindings
) -> None:
    """Write everything, or nothing; raises UsageError where the files cannot be edited."""
    before: dict[Path, bytes | None] = {}
    try:
        files.write(before)
        if before:
            _until_equal(folder, editor, matched, after, before)
        if after != had:
            path = bindings_path(folder.loaded.folder, folder.owner.organization)
            write_bindings(path, after)
    except BaseException as error:
        _put_back(before)
        if isinstance(error, OSError):
            message = f"{folder.loaded.folder} cannot be written: {error.strerror}"
            raise UsageError(message, hint="nothing was changed") from error
        raise


def _put_back(before: Mapping[Path, bytes | None]) -> None:
    try:
        restore(before)
    except OSError as error:
        names = ", ".join(map(str, before))
        message = f"the export failed, and files could not be put back: {error.strerror}"
        raise UsageError(message, hint=f"take them back from git: {names}") from error


def _until_equal(
    folder: Folder,
    editor: Editor,
    matched: Matched,
    bindings: Bindings,
    before: dict[Path, bytes | None],
) -> None:
    """Read and compare again; what was there goes into ``before``, file by file."""
    known = {(problem.code, problem.address) for problem in matched.identities.problems}
    for _ in range(ROUNDS):
        variables = folder.loaded.variables
        again = load(
            [folder.loaded.folder],
            variables=variables.given,
            environment=variables.environment,
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
        files = Files.of(again.folder, again.layers[0])
        editor.set(files, configuration, differing(matched, editor.kinds))
        if not files.write(before):
            return


def _check_others(
    before: Configuration, now: Configuration, editor: Editor, matched: Matched
) -> None:
    """Refuse edits that change, through an anchor, what resources say that nobody looked at."""
    settled = editor.settled
    for address, was in before.resources.items():
        resource = now.resources.get(address)
        selected = matched.row_of(address) in settled.selected.get(address.kind, ())
        looked_at = selected or address in settled.removed
        if resource and not looked_at and resource.values != was.values:
            names = [n for n, value in was.values.items() if resource.values.get(n) != value]
            raise UsageError(
                f"{address} would change too, since it has {', '.join(names)} from an anchor",
                hint="nothing was changed; write its own value there, then run it again",
            )


def _cannot_be_edited(problems: Iterable[Problem]) -> UsageError:
    first = next(problem for problem in problems if problem.is_error)
    return UsageError(
        f"the files could not be edited, since then {first.message} ({first.position})",
        hint="nothing was changed; bring this part in line by hand, then run it again",
    )
