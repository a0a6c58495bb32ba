"""``reconciler fleet validate``: check the YAML of all organizations, offline."""

import click

from ...fleet.inputs import Files, FleetInputs, Selection
from ...fleet.spool import Plans
from ...render.fleet.views import show_report
from .options import offline_options, report_option
from .running import look_at_fleet


@click.command("validate")
@offline_options
@report_option
def command(selection: Selection, files: Files, form: str) -> int:
    """Check fleet.yaml at FILE, and what the YAML says for each organization.

    The base is read once. A mistake in it is told once, with how many organizations it concerns.
    Needs no key and no network.

    \b
    Examples:
      reconciler fleet validate
      reconciler fleet validate agency/ --select tag:it
    """
    with Plans() as plans:
        report = look_at_fleet(FleetInputs(selection, files), "validate", plans)
        show_report(report, plans.get, form)
    return report.exit_code
