"""``reconciler fleet validate``: check the YAML of all organizations, offline."""

import click

from ...fleet.spool import Plans
from ...fleet.tasks import Access
from .options import Files, FleetInputs, Reach, Selection, offline_options, report_option
from .running import run_fleet, show_report


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
    inputs = FleetInputs(selection, files, Reach(Access("", 0, 0, 0)))
    with Plans() as plans:
        report = run_fleet(
            inputs, "validate", selection.together, inputs.task_of("validate"), plans
        )
        show_report(report, plans.get, form)
    return report.exit_code
