"""``reconciler show``: look at a saved plan."""

from pathlib import Path

import click

from ..plan.saved import read_plan
from ..render.views import show_view
from .options import view_options
from .types import PathType


@click.command("show")
@click.argument("file", type=PathType())
@click.option(
    "--folder",
    type=PathType(exists=True, file_okay=False),
    help="The folder that was planned: its files are named as seen from here.",
)
@view_options
def command(file: Path, folder: Path | None, form: str, compact: bool) -> None:
    """Show the plan in FILE; refuses one that was edited.

    \b
    Examples:
      reconciler show reviewed.json
      reconciler show reviewed.json --format markdown >> "$GITHUB_STEP_SUMMARY"
      reconciler show reviewed.json --format html > plan.html
    """
    line = None
    if form == "html" and folder:
        from ..render.apply_line import line_for

        line = line_for(folder, file)
    show_view(read_plan(file), form, folder, compact=compact, apply_line=line)
