"""``reconciler apply``: carry out a plan."""

import asyncio
from pathlib import Path

import click

from ..catalogue import load_kinds
from ..client.client import ApiClient
from ..plan.saved import read_plan
from ..planning.consent import parse_allowed
from ..planning.forward import make_plan
from ..render.progress.reading import Reading
from .execution import ApprovalOptions, execute_plan, finish
from .options import (
    PathType,
    allow_option,
    auto_approve_option,
    journal_folder,
    journal_option,
    lock_option,
    locked_folder,
)
from .plan_inputs import PlanInputs, plan_inputs
from .pruned import prune_journals, warn_of_much
from .reading import explaining


@click.command("apply")
@plan_inputs
@click.option(
    "--plan",
    "plan_file",
    type=PathType(),
    help="Carry out this reviewed plan, or nothing at all where it is no longer true (exit 3).",
)
@auto_approve_option
@allow_option
@journal_option
@lock_option
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Afterwards remove old journals: all but the last N and those that are still needed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: one event per line, while it happens.",
)
@click.option("--show-personal-data", is_flag=True, help="Show personal values in the plan.")
def command(
    inputs: PlanInputs,
    plan_file: Path | None,
    auto_approve: bool,
    allow: tuple[str, ...],
    journal: Path | None,
    keep: int | None,
    form: str,
    show_personal_data: bool,
) -> int:
    """Make the live organization as the YAML at PATH says: shows the plan, asks, carries it out.

    \b
    Examples:
      reconciler apply villa/
      reconciler apply villa/ --auto-approve --allow billing-create
      reconciler apply villa/ --plan reviewed.json
    """
    kinds = load_kinds()
    approved = auto_approve or plan_file is not None
    reviewed = read_plan(plan_file) if plan_file else None
    options = ApprovalOptions(
        parse_allowed(allow), approved, show_personal_data, reviewed, events=form == "json"
    )
    desired = inputs.desired(kinds)
    options.check_terminal("--plan FILE")
    folder = journal_folder(desired.configuration.folder, journal)

    async def run() -> int:
        reading, parallelism = Reading(), inputs.parallelism
        connection = inputs.connection.heard_by(reading)
        async with ApiClient(connection, parallelism=parallelism) as client:
            with explaining(desired, kinds), reading:
                planned = await make_plan(desired.configuration, client, kinds)
            return finish(await execute_plan(planned, client, kinds, options, folder))

    with locked_folder(desired.configuration.folder):
        code = asyncio.run(run())
        if keep:
            prune_journals(folder, keep)
        warn_of_much(folder)
        return code
