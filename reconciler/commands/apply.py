"""``reconciler apply``: execute a plan."""

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from ..execution.again import drop_or_explain
from ..execution.people import execute_plan
from ..journal.pruning import prune
from ..plan.saved import read_plan
from ..planning.folder import plan_folder
from ..render.out import tell
from ..render.progress.reading import ReadingProgress
from ..render.runs import much_line, pruned_line
from .execution import ApprovalOptions
from .inputs import PlanInputs, Workplace, plan_inputs
from .options import (
    allow_option,
    auto_approve_option,
    form_option,
    gathered,
    journal_option,
    lock_option,
    personal_option,
)
from .reading import explaining
from .types import PathType


@click.command("apply")
@plan_inputs
@click.option(
    "--plan",
    "plan_file",
    type=PathType(),
    help="Execute this reviewed plan, or nothing at all where it is no longer true (exit 3).",
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
@form_option("json: one event per line, while it happens.")
@personal_option
@gathered(approval=ApprovalOptions.given, workplace=Workplace)
def command(
    inputs: PlanInputs,
    plan_file: Path | None,
    approval: ApprovalOptions,
    workplace: Workplace,
    keep: int | None,
    form: str,
) -> int:
    """Make the live organization as the YAML at PATH says: shows the plan, asks, executes it.

    \b
    Examples:
      reconciler apply villa/
      reconciler apply villa/ --auto-approve --allow billing-create
      reconciler apply villa/ --plan reviewed.json
    """
    kinds = inputs.kinds
    options = replace(approval, events=form == "json")
    if plan_file:
        options = replace(options, approved=True, reviewed=read_plan(plan_file))
    desired = inputs.desired()
    policing = inputs.policing(desired)
    options.check_terminal("--plan FILE")
    folder = workplace.journal_of(desired.configuration.folder)

    async def run() -> int:
        reading = ReadingProgress()
        async with inputs.client(reading) as client:
            with explaining(desired, kinds), reading:
                planned = await plan_folder(desired.configuration, client, kinds)
            planned = await asyncio.to_thread(policing.judged, planned, desired.configuration)
            report = await execute_plan(planned, client, kinds, options, folder)
            code = report.exit_code if report else 0
            if code == 0:
                drop_or_explain(desired.configuration.folder, planned.again)
            return code

    with workplace.locked(desired.configuration.folder):
        code = asyncio.run(run())
        if keep:
            tell(pruned_line(len(prune(folder, keep, kinds)), folder))
        if much := much_line(folder):
            tell(much)
        return code
