"""``reconciler fleet pull``: what changed live comes into the overlays of each organization."""

import click

from ...fleet.inputs import FleetInputs
from ...fleet.spool import Plans
from ...fleet.tasks import Pulling
from ...render.fleet.views import show_report
from ...render.out import tell
from ...staging import opened
from ..options import gathered, lock_option, sides_options
from .options import plain_options, report_option
from .running import run_fleet


@click.command("pull")
@plain_options
@sides_options
@lock_option
@report_option
@gathered(pulling=Pulling.given)
def command(inputs: FleetInputs, pulling: Pulling, lock_timeout: float, form: str) -> int:
    """Take what changed live into the files of each organization; writes nothing live.

    What differs goes into the last overlay of the organization. The base is of all, and stays as
    it is: an organization without an overlay is only compared. One is done after the other.

    \b
    Examples:
      reconciler fleet pull --check
      reconciler fleet pull --select amalfi
    """
    inputs = inputs.one_by_one()
    task_of, selection = inputs.task_of("pull", pulling=pulling), inputs.selection
    with (
        Plans() as plans,
        opened(selection.folders, "fleet pull", patience=lock_timeout, tell=tell),
    ):
        report = run_fleet(inputs, "pull", selection.together, task_of, plans)
        show_report(report, plans.get, form)
    return report.exit_code
