"""``reconciler fleet pull``: what changed live comes into the overlays of each organization."""

from dataclasses import dataclass, replace
from functools import partial

import click

from ...catalogue.names import listed
from ...configuration.load.files import holder_of
from ...diagnostics import UsageError
from ...fleet.members import Member
from ...fleet.spool import Plans
from ...fleet.tasks import Pulling, Task
from ...locking import locked_together
from ...render.out import say
from ..options import gathered, lock_option, sides_options
from ..stopped import finish
from .options import FleetInputs, plain_options, report_option
from .running import run_fleet, show_report


@dataclass(frozen=True, slots=True)
class Decided:
    """Which commit was applied, and what people decided."""

    base: str | None
    check: bool
    keep_files: tuple[str, ...]
    take_live: tuple[str, ...]

    def pulling(self) -> Pulling:
        """Make it part of a task."""
        keep, take = tuple(listed(self.keep_files)), tuple(listed(self.take_live))
        return Pulling(self.base, keep, take, self.check)


@click.command("pull")
@plain_options
@sides_options
@lock_option
@report_option
@gathered(decided=Decided)
def command(inputs: FleetInputs, decided: Decided, lock_timeout: float, form: str) -> int:
    """Take what changed live into the files of each organization; writes nothing live.

    What differs goes into the last overlay of the organization. The base is of all, and stays as
    it is: an organization without an overlay is only compared. One is done after the other.

    \b
    Examples:
      reconciler fleet pull --check
      reconciler fleet pull --select amalfi
    """
    if inputs.selection.scheduler:
        raise UsageError("fleet pull edits the files here", hint="leave --scheduler out")
    fleet, make = inputs.selection.fleet, inputs.task_of("pull")

    def task_of(member: Member, wave: str) -> Task:
        return replace(make(member, wave), pulling=decided.pulling())

    overlays = (path for one in inputs.selection.members for path in one.overlays)
    folders = list(dict.fromkeys((fleet.base, *map(holder_of, overlays))))
    with (
        Plans() as plans,
        locked_together(folders, "fleet pull", patience=lock_timeout, tell=partial(say, err=True)),
    ):
        for folder in folders:
            finish(folder)
        together = inputs.selection.together
        report = run_fleet(inputs.one_by_one(), "pull", together, task_of, plans)
        show_report(report, plans.get, form)
    return report.exit_code
