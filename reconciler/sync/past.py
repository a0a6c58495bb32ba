"""What the folder's journal knows: which resources had a row once that this folder made or met."""

from collections.abc import Container
from pathlib import Path

from ..diagnostics import UsageError
from ..ids import Owner
from ..journal.read import past_runs, read_run
from ..journal.records import DEFAULT_FOLDER
from ..plan.change import Action
from ..values.address import Address


def had_rows(
    folder: Path, owner: Owner, kinds: Container[str], notes: list[str]
) -> frozenset[Address]:
    """Find the addresses whose last change that was done left a row; a note where none is known.

    A journal that cannot be read proves nothing.
    """
    last: dict[Address, Action] = {}
    for path in past_runs(folder / DEFAULT_FOLDER):
        try:
            run = read_run(path, kinds)
        except UsageError as error:
            notes.append(f"{error.message}: blocks without a row stay, unless their binding tells")
            return frozenset()
        if (run.organization.lower(), run.stack) != (owner.organization.lower(), owner.stack):
            continue
        last.update((e.address, e.action) for e in run.entries if e.address and e.answer == "done")
    return frozenset(address for address, action in last.items() if action is not Action.DELETE)
