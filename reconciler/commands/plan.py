"""``reconciler plan``: show what would change."""

import asyncio
import sys
from pathlib import Path

import click

from ..client import Client
from ..kind import load_kinds
from ..plan import as_text, to_json
from ..render.plan_text import plan_text
from .options import (
    connection_options,
    paths_argument,
    read_connection,
    read_variables,
    variable_options,
)
from .pipeline import Planned, make_plan
from .reading import read_or_explain

CHANGES_PENDING = 2


@click.command("plan")
@paths_argument
@variable_options
@connection_options
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 2 where changes are pending, 0 where none."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: the documented plan, without personal values.",
)
@click.option(
    "--show-personal-data", is_flag=True, help="Show personal values in the text (never in json)."
)
def command(
    paths: tuple[Path, ...],
    var_texts: tuple[str, ...],
    var_files: tuple[Path, ...],
    api_url: str | None,
    api_key_file: Path | None,
    detailed_exitcode: bool,
    form: str,
    show_personal_data: bool,
) -> int:
    """Compare the YAML at PATH with the live organisation; writes nothing.

    \b
    Examples:
      reconciler plan villa/
      reconciler plan villa/ --detailed-exitcode      (2: changes pending)
    """
    kinds = load_kinds()
    connection = read_connection(api_url, api_key_file)
    desired = read_or_explain(paths, read_variables(var_texts, var_files), kinds)

    async def compare() -> Planned:
        async with Client(connection) as client:
            return await make_plan(desired.configuration, client, kinds)

    plan = asyncio.run(compare()).plan
    if form == "json":
        click.echo(as_text(to_json(plan, kinds)))
    else:
        personal = show_personal_data or sys.stdout.isatty()
        click.echo(plan_text(plan, kinds, show_personal=personal), nl=False)
    return CHANGES_PENDING if detailed_exitcode and plan.changes else 0
