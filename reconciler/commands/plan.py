"""``reconciler plan``: show what would change."""

import asyncio
import sys
from pathlib import Path

import click

from ..client import Client
from ..kind import load_kinds
from ..plan import document_of, text_of, write_plan
from ..render.plan_text import plan_text
from .options import (
    connection_options,
    limit_options,
    parallelism_option,
    paths_argument,
    read_connection,
    read_variables,
    variable_options,
)
from .pipeline import Limits, Planned, make_plan
from .reading import read_or_explain

CHANGES_PENDING = 2


@click.command("plan")
@paths_argument
@variable_options
@connection_options
@limit_options
@parallelism_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the plan to this file, for `reconciler apply --plan`.",
)
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
    targets: tuple[str, ...],
    kind_names: tuple[str, ...],
    parallelism: int,
    out: Path | None,
    detailed_exitcode: bool,
    form: str,
    show_personal_data: bool,
) -> int:
    """Compare the YAML at PATH with the live organisation; writes nothing.

    \b
    Examples:
      reconciler plan villa/
      reconciler plan villa/ --out reviewed.json
      reconciler plan villa/ --detailed-exitcode      (2: changes pending)
    """
    kinds = load_kinds()
    connection = read_connection(api_url, api_key_file)
    variables = read_variables(var_texts, var_files)
    desired = read_or_explain(paths, variables, kinds, Limits(targets, kind_names))

    async def compare() -> Planned:
        async with Client(connection, parallelism=parallelism) as client:
            return await make_plan(desired.configuration, client, kinds)

    plan = asyncio.run(compare()).plan
    if out:
        write_plan(out, document_of(plan, kinds))
    if form == "json":
        click.echo(text_of(document_of(plan, kinds)), nl=False)
    else:
        reveal = show_personal_data or sys.stdout.isatty()
        click.echo(plan_text(document_of(plan, kinds, reveal=reveal)), nl=False)
    return CHANGES_PENDING if detailed_exitcode and plan.changes else 0
