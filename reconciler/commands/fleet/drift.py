"""``reconciler fleet drift``: find what is not as the YAML says."""

import click

from ...fleet.inputs import FleetInputs
from ...fleet.spool import Plans
from ...render.fleet.views import show_report
from .options import fleet_options, report_option, unmanaged_option
from .running import look_at_fleet


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
        report = look_at_fleet(inputs, "drift", plans)
        show_report(report, plans.get, form, inputs.selection.fleet.base)
    return report.exit_code
