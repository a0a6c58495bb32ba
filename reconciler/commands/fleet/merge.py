"""``reconciler fleet merge``: put plans of parts of a fleet together."""

from pathlib import Path

import click

from ...diagnostics.words import count
from ...fleet.planfile import merged, read_fleet_plan, write_fleet_plan
from ...render.out import say
from ..types import PathType


@click.command("merge")
@click.argument("plans", nargs=-1, required=True, type=PathType(), metavar="PLAN...")
@click.option(
    "--out",
    required=True,
    type=PathType(),
    help="Write the plan to this file, or into this folder if it is one.",
)
def command(plans: tuple[Path, ...], out: Path) -> None:
    """Make one plan of the plans of parts, where the keys of organizations must stay apart.

    \b
    Examples:
      reconciler fleet merge parts/*.json --out reviewed.json
    """
    plan = merged((path, read_fleet_plan(path)) for path in plans)
    digest = write_fleet_plan(out, plan.parts.values(), plan.plan_of)
    say(f"Wrote {out}: {count(len(plan.parts), 'organization')}.", f"Digest: {digest}")
