"""``reconciler fleet pull``: what changed live comes into the overlays of each organization."""

from dataclasses import dataclass, replace
from functools import partial

import click

from ...configuration.load.files import holder_of
from ...diagnostics import UsageError
from ...fleet.members import Member
from ...fleet.spool import Plans
from ...fleet.tasks import Pulling, Task
from ...locking import locked_together
from ...render.out import say
from ..options import gathered, lock_option
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
        return Pulling(self.base, _names(self.keep_files), _names(self.take_live), self.check)


def _names(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


@click.command("pull")
@plain_options
@click.option(
    "--base",
    metavar="REF",
    help="The commit that was applied; else the tag applied/ORGANIZATION of each.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 if there is anything to.")
@click.option(
    "--keep-files",
    multiple=True,
    metavar="ADDRESS,...",
    help="Decide for the files: a resource, or KIND.KEY.COLUMN. Repeatable.",
)
@click.option(
    "--take-live",
    multiple=True,
    metavar="ADDRESS,...",
    help="Decide for what is live: a resource, or KIND.KEY.COLUMN. Repeatable.",
)
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
