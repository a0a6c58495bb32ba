"""``reconciler fleet show``: look at a saved plan of a fleet."""

from pathlib import Path

import click

from ...fleet.planfile import read_fleet_plan, results_of
from ...fleet.results import FleetReport
from ...render.fleet.views import show_report
from ..types import PathType
from .options import report_option


@click.command("show")
@click.argument("plan_file", type=PathType(), metavar="PLAN")
@click.option(
    "--folder",
    type=PathType(exists=True, file_okay=False),
    help="The base that was planned: its files are named as seen from here.",
)
@report_option
@click.option("--compact", is_flag=True, help="text: one line per change.")
def command(plan_file: Path, folder: Path | None, form: str, compact: bool) -> None:
    """Show the plan in PLAN, a file or a folder; refuses one that was edited.

    \b
    Examples:
      reconciler fleet show reviewed.json
    """
    plan = read_fleet_plan(plan_file)
    report = FleetReport(tuple(results_of(plan)), "plan")
    show_report(report, plan.plan_of, form, folder, compact=compact, digest=plan.digest)
