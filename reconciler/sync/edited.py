"""Edit files as was decided: edit, read again, and edit otherwise where that says other things."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..catalogue import Kind
from ..configuration.provenance import BASE
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..plan.change import Change
from ..values.address import Address
from .editing import Editor, everything
from .files import Files
from .finishing import (
    Bindings,
    CannotBeEditedError,
    Folder,
    VariablesCannotSayError,
    finish,
)
from .holding import variables_in
from .matching import Matched
from .settling import Settled
from .variables import Solved, solve


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be edited, and how: ``had`` and ``after`` are the bindings, before and then.

    ``into`` is the layer that takes what is new, and what is laid over the folder; ``takes``
    chooses the columns whose live values are written.
    """

    kinds: Mapping[str, Kind]
    settled: Settled
    writing: Writing
    had: Bindings
    after: Bindings
    into: int = BASE
    takes: Callable[[Address, str], bool] = everything


@dataclass(frozen=True, slots=True)
class Edited:
    """What was changed and removed, how many rows were added by kind, and what was not done."""

    added: Mapping[str, int]
    changed: int
    removed: int
    notes: tuple[str, ...]


def edit_files(
    folder: Folder,
    decided: Decided,
    matched: Matched,
    changes: Sequence[Change],
    spool: Spool | None = None,
    *,
    single_file: bool = False,
) -> Edited:
    """Edit the files, all or none; raises UsageError where they cannot be edited.

    ``changes`` are all that differs; the ``spool`` holds the rows that are new.
    """
    having = matched.with_rows(spool, decided.kinds) if spool else matched
    refused: frozenset[str] = frozenset()
    whole = False
    while True:
        writing = replace(decided.writing, unfit=Counter())
        editor = Editor(
            decided.kinds, decided.settled, writing,
            whole=whole, into=decided.into, takes=decided.takes,
        )  # fmt: skip
        files = Files.of(folder.loaded)
        editor.set(files, folder.whole, changes)
        solved = _solve(editor, files, folder, refused)
        editor.remove(files, folder.whole)
        if spool:
            editor.add(files, spool, single_file=single_file)
        ready = replace(folder, variable_files=solved.files)
        try:
            finish(ready, editor, files, having, changes, decided.had, decided.after)
            return _edited(editor, folder)
        except VariablesCannotSayError as error:
            refused |= error.names
        except CannotBeEditedError:
            if whole:
                raise
            whole = True


def _solve(editor: Editor, files: Files, folder: Folder, refused: frozenset[str]) -> Solved:
    """Find what variables must be for what differs because of them."""
    differing_ones = list(editor.uses.differing())
    if not differing_ones or folder.sources is None:
        return Solved({}, {})
    provenance, variables = files.provenance(editor.kinds), files.loaded.variables
    gone = editor.settled.removed  # what they say need not be true any more
    staying = {a: one for a, one in folder.whole.resources.items() if a not in gone}
    rest = replace(folder.whole, resources=staying)
    solved = solve(editor.uses, provenance, rest, folder.sources, variables, refused)
    for address, _, need in differing_ones:
        if solved.values.keys() & set(variables_in(need.node)):
            editor.changed.add(address)
    editor.uses.solved = frozenset(solved.values)
    return solved


def _edited(editor: Editor, folder: Folder) -> Edited:
    left = editor.uses.notes(folder.sources, folder.loaded.variables)
    return Edited(
        editor.added,
        len(editor.changed - editor.removed),
        len(editor.removed),
        (*editor.writing.notes(), *editor.left, *left),
    )
