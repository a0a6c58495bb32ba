"""What apply and undo say and do about old journals."""

from collections.abc import Container
from pathlib import Path

from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..journal.pruning import MUCH, prune, size_of
from ..render.out import say


def prune_journals(folder: Path, keep: int, kinds: Container[str]) -> None:
    """Remove journals that are not needed any more, and say how many; raises UsageError."""
    try:
        gone = prune(folder, keep, kinds)
    except OSError as error:
        raise UsageError(f"journals in {folder} cannot be removed: {error.strerror}") from error
    say(f"removed {count(len(gone), 'journal')} from {folder}", err=True)


def warn_of_much(folder: Path) -> None:
    """Say when journals take much room; none is removed unasked."""
    size = size_of(folder)
    if size > MUCH:
        say(
            f"Note: the journals in {folder} take {size / MUCH:.1f} GiB; they are the only copy of"
            " deleted rows. `reconciler undo PATH --prune` removes old ones.",
            err=True,
        )
