"""Run the tasks of a fleet for a command: what they say goes to stderr, Ctrl-C ends the run."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from ...api.waiting import awaited
from ...fleet.coordinator import Watching, execute
from ...fleet.inputs import FleetInputs, TaskOf
from ...fleet.members import Turn
from ...fleet.results import FleetReport, Result
from ...fleet.runs import FleetJournal
from ...fleet.spool import Plans
from ...fleet.tasks import Verb
from ...render.out import tell
from ...support.stopping import Stopper


def run_fleet(
    inputs: FleetInputs,
    verb: str,
    turns: Sequence[Turn],
    task_of: TaskOf,
    plans: Plans,
    journal: FleetJournal | None = None,
    left: Iterable[Result] = (),
) -> FleetReport:
    """Execute a task for each member, and wait for the end."""
    watching = Watching(_tell, _tell_ended, Stopper)
    return awaited(
        execute(inputs, verb, turns, task_of, plans, watching, journal=journal, left=left)
    )


def look_at_fleet(inputs: FleetInputs, verb: Verb, plans: Plans) -> FleetReport:
    """Execute a verb that only reads: nobody waits for others."""
    return run_fleet(inputs, verb, inputs.selection.together, inputs.task_of(verb), plans)


def _tell(name: str, text: str) -> None:
    with suppress(OSError):  # nobody reads it any more: what is being written goes on
        tell(f"{name}: {text}")


def _tell_ended(result: Result) -> None:
    with suppress(OSError):  # as above
        tell(f"{result.wave}: {result.name}: {result.state}")
