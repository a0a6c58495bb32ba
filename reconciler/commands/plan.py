"""``reconciler plan``: show what would change."""

import sys
from pathlib import Path

import click

from ..api.waiting import awaited
from ..configuration.load import paused_collector
from ..plan.document import flowing_document_of
from ..planning.folder import plan_folder
from ..planning.planned import Planned
from ..render.progress.reading import ReadingProgress
from ..render.views import show_plan
from .inputs import PlanInputs, plan_inputs
from .options import view_options
from .reading import explaining
from .types import PathType

CHANGES_PENDING = 2


@click.command("plan")
@plan_inputs
@click.option(
    "--out",
    type=PathType(dir_okay=False),
    help="Write the plan to this file, for `reconciler apply --plan`.",
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit with 2 where anything is not as the YAML says, 0 where all is.",
)
@click.option(
    "--unmanaged",
    is_flag=True,
    help="Also count the rows that are in no YAML, by kind; they count for --detailed-exitcode.",
)
@view_options
@click.option(
    "--show-personal-data",
    is_flag=True,
    help="Show personal values in the text, also where it is not for a terminal.",
)
def command(
    inputs: PlanInputs,
    out: Path | None,
    detailed_exitcode: bool,
    unmanaged: bool,
    form: str,
    compact: bool,
    show_personal_data: bool,
) -> int:
    """Compare the YAML at PATH with the live organization; writes nothing.

    \b
    Examples:
      reconciler plan villa/
      reconciler plan villa/ --out reviewed.json
      reconciler plan villa/ --format html > plan.html
      reconciler plan villa/ --detailed-exitcode      # 2: not as the YAML says
    """
    kinds = inputs.kinds
    desired = inputs.desired()
    configuration = desired.configuration
    policing = inputs.policing(desired)

    async def compare() -> Planned:
        with explaining(desired, kinds), ReadingProgress() as reading:
            async with inputs.reader(reading) as client:
                return await plan_folder(configuration, client, kinds, unmanaged=unmanaged)

    reveal = form == "text" and (show_personal_data or sys.stdout.isatty())
    with paused_collector():
        plan = policing.judged(awaited(compare()), configuration).plan
        if out:
            from ..plan.saved import write_plan

            write_plan(out, flowing_document_of(plan, kinds))
        line = None
        if form == "html":
            from ..render.apply_line import line_of

            line = line_of(click.get_current_context(), out)
        show_plan(plan, kinds, form, reveal=reveal, compact=compact, apply_line=line)
    return CHANGES_PENDING if detailed_exitcode and plan.differs else 0
