"""Rows that were let go and have a block again: their entries go, once that was applied."""

from collections.abc import Container
from pathlib import Path

from ..diagnostics import PartialApplyError, UsageError
from ..ids import Transfers
from ..staging import Changes, replace_together
from ..transfers import RELEASED, read_transfers, texts_of
from ..values.address import Address


def drop_or_explain(folder: Path, again: frozenset[Address]) -> None:
    """Take the entries of addresses out, if there are any; raises PartialApplyError."""
    if again and (why := drop_managed_again(folder, again)):
        message = f"all is applied, and the rows that are managed again still stand there: {why}"
        raise PartialApplyError(message, hint="fix that, then apply again")


def drop_managed_again(folder: Path, again: Container[Address]) -> str | None:
    """Take the entries of addresses out; says what could not be written."""
    before = read_transfers(folder)
    kept = {
        former: way
        for former, way in before.released.items()
        if way.to is not None or way.last not in again
    }
    if len(kept) == len(before.released):
        return None
    changes = Changes()
    changes.put(folder / RELEASED, texts_of(Transfers(before.received, kept))[RELEASED])
    try:
        replace_together({folder: changes})
    except UsageError as error:
        return error.message
    return None
