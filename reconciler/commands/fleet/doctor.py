"""``reconciler fleet doctor``: check each key, and what it may read."""

import click

from ...fleet.spool import Plans
from .options import FleetInputs, plain_options, report_option
from .running import run_fleet, show_report


@click.command("doctor")
@plain_options
@report_option
def command(inputs: FleetInputs, form: str) -> int:
    """Check each organization's key: whether it opens that organization, and what it may read.

    \b
    Examples:
      reconciler fleet doctor
      reconciler fleet doctor --keys ~/keys.yaml
    """
    with Plans() as plans:
        task_of = inputs.task_of("doctor")
        report = run_fleet(inputs, "doctor", inputs.selection.together, task_of, plans)
        show_report(report, plans.get, form)
    return report.exit_code
