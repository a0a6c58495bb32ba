"""Past runs of a fleet, as ``fleet undo --list`` shows them."""

from ...diagnostics.words import count
from ...fleet.runs import PastFleetRun


def fleet_run_line(run: PastFleetRun) -> str:
    """Say of a run of a fleet when it was, how many it wrote to, and how it ended."""
    end = "" if run.ended else ", cut off"
    back = f", takes {run.undoes} back" if run.undoes else ""
    wrote = count(len(run.members), "organization")
    return f"{run.run}  {run.started}  {run.verb}: wrote to {wrote}{back}{end}"
