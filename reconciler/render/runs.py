"""Past runs, as ``undo --list`` shows them, and what is said of their journals."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..catalogue import Kind
from ..diagnostics.words import count
from ..journal.pruning import MUCH, size_of
from ..journal.records import PastRun
from ..plan.model import Plan
from ..planning.effects import effects_of, without_id


def run_line(run: PastRun, kinds: Mapping[str, Kind]) -> str:
    """Say of a run when it was, how much it did, and how it ended."""
    undoes = f", undid {run.undoes}" if run.undoes else ""
    return f"{run.run}  {run.started}  {_counted(run, kinds)}, {_state(run)}{undoes}"


def _counted(run: PastRun, kinds: Mapping[str, Kind]) -> str:
    """Count the rows that a run changed, and those of which nobody knows."""
    effects = effects_of(run, kinds)
    certain = sum(effect.certain for effect in effects)
    unknown = len(effects) - certain + sum(1 for _ in without_id(run, kinds))
    told = f", {unknown:,} not known to be done" if unknown else ""
    return f"{count(certain, 'row')} changed{told}"


def _state(run: PastRun) -> str:
    if not run.ended:
        return "cut off"
    return "stopped" if run.stopped else "ended"


def nothing_left_lines(plan: Plan) -> Iterator[str]:
    """Say that a run cannot be taken back any more, and why."""
    for note in plan.notes:
        yield f"! {note.message}"
    yield "Nothing to take back: no row is as that run left it."


def pruned_line(gone: int, folder: Path) -> str:
    """Count the journals that were removed from a folder."""
    return f"removed {count(gone, 'journal')} from {folder}"


def much_line(folder: Path) -> str | None:
    """Say when journals take much room; none is removed unasked."""
    size = size_of(folder)
    if size <= MUCH:
        return None
    return (
        f"Note: the journals in {folder} take {size / MUCH:.1f} GiB; they are the only copy of"
        " deleted rows. `reconciler undo PATH --prune` removes old ones."
    )
