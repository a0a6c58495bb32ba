"""``reconciler fleet doctor``: check each key, and what it may read."""

import click

from ...fleet.inputs import FleetInputs
from ...fleet.spool import Plans
from ...render.fleet.views import show_report
from .options import plain_options, report_option
from .running import look_at_fleet


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
        report = look_at_fleet(inputs, "doctor", plans)
        show_report(report, plans.get, form)
    return report.exit_code
