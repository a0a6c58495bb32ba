"""Past runs, as ``undo --list`` shows them."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..diagnostics.words import count
from ..journal.records import PastRun
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
