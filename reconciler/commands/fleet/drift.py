"""``reconciler fleet drift``: find what is not as the YAML says."""

import click

from ...fleet.spool import Plans
from .options import FleetInputs, fleet_options, report_option, unmanaged_option
from .running import run_fleet, show_report


@click.command("drift")
@unmanaged_option
@fleet_options
@report_option
def command(inputs: FleetInputs, form: str) -> int:
    """Compare each organization with its YAML; exits with 2 where anything is not as it says.

    \b
    Examples:
      reconciler fleet drift
      reconciler fleet drift --format json > drift.json
    """
    with Plans() as plans:
        task_of = inputs.task_of("drift")
        report = run_fleet(inputs, "drift", inputs.selection.together, task_of, plans)
        show_report(report, plans.get, form, inputs.selection.fleet.base)
    return report.exit_code
