"""``reconciler show``: look at a saved plan."""

from pathlib import Path

import click

from ..plan import read_plan, text_of
from ..render.plan_text import plan_text


@click.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(file: Path, form: str) -> None:
    """Show the plan in FILE; refuses one that was edited.

    \b
    Example:
      reconciler show reviewed.json
    """
    document = read_plan(file)
    click.echo(text_of(document) if form == "json" else plan_text(document), nl=False)
