"""``reconciler fleet plan``: show what would change in each organization."""

from pathlib import Path

import click

from ...fleet.inputs import FleetInputs
from ...fleet.planfile import digest_of_parts, parts_of, write_fleet_plan
from ...fleet.spool import Plans
from ...render.apply_line import line_of
from ...render.fleet.views import show_report
from ..types import PathType
from .options import fleet_options, report_option, unmanaged_option
from .running import run_fleet

_APPLY = "reconciler fleet apply"


@click.command("plan")
@unmanaged_option
@fleet_options
@click.option(
    "--out",
    type=PathType(),
    help="Write the plan to this file, or into this folder if it is one,"
    " for `reconciler fleet apply --plan`.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit with 2 where anything is not as the YAML says, 0 where all is.",
)
@report_option
@click.option("--compact", is_flag=True, help="text: one line per change.")
@click.pass_context
def command(
    ctx: click.Context,
    inputs: FleetInputs,
    out: Path | None,
    detailed_exitcode: bool,
    form: str,
    compact: bool,
) -> int:
    """Compare the YAML of each organization with what is live; writes nothing.

    What is the same for several organizations is shown once.

    \b
    Examples:
      reconciler fleet plan
      reconciler fleet plan --select 'tag:it,!bergen' --compact
      reconciler fleet plan --out reviewed.json
      reconciler fleet plan --part amalfi --out parts/amalfi.json
    """
    task_of = inputs.task_of("drift" if detailed_exitcode else "plan")
    with Plans() as plans:
        report = run_fleet(inputs, "plan", inputs.selection.together, task_of, plans)
        parts = parts_of(report).values()
        if out:
            write_fleet_plan(out, parts, plans.get)
        folder, digest = inputs.selection.fleet.base, digest_of_parts(parts)
        line = line_of(ctx, out, _APPLY)
        show_report(
            report, plans.get, form, folder, compact=compact, digest=digest, apply_line=line
        )
    return report.exit_code
