"""``reconciler export``: the live organisation as YAML."""

import asyncio
import secrets
from pathlib import Path

import click

from ..client import Client
from ..export import Exported, Options, Selection, export, parse_where
from ..kind import load_kinds, tenant_of
from ..live import read_organization
from ..render.words import count
from .init import plain_name
from .options import connection_options, parallelism_option, read_connection, split_names
from .progress import Reading


@click.command("export")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new folder."
)
@connection_options
@click.option("--kinds", "kind_names", multiple=True, metavar="KIND,...", help="Only these kinds.")
@click.option(
    "--where",
    "where",
    multiple=True,
    metavar="KIND:COLUMN=OP.VALUE",
    help="Only rows of KIND that match, such as 'contacts:email=like.*@example.com'. Repeatable.",
)
@click.option("--with-references", is_flag=True, help="Also what the chosen rows refer to.")
@click.option("--single-file", is_flag=True, help="Everything in one file, not one per kind.")
@click.option("--omit-defaults", is_flag=True, help="Leave columns out that have their default.")
@click.option(
    "--redact", is_flag=True, help="Replace personal data, consistently; neutral keys, no ids."
)
@parallelism_option
def command(
    out: Path,
    api_url: str | None,
    api_key_file: Path | None,
    kind_names: tuple[str, ...],
    where: tuple[str, ...],
    with_references: bool,
    single_file: bool,
    omit_defaults: bool,
    redact: bool,
    parallelism: int,
) -> None:
    """Write the live organisation as YAML into a new folder, the ids into its bindings.

    The rows are owned from then on: removing a block plans to delete its row. `plan` right after
    finds nothing to change.

    \b
    Examples:
      reconciler export --out villa/
      reconciler export --out guests/ --where 'contacts:email=like.*@example.com' --with-references
      reconciler export --out shared/ --redact
    """
    kinds = load_kinds()
    names = split_names(kind_names, kinds)
    selection = Selection(frozenset(names), parse_where(where, kinds), with_references)
    stack = f"{plain_name(out.resolve().name)}-{secrets.token_hex(2)}"
    options = Options(out, stack, selection, single_file, omit_defaults, redact)
    connection = read_connection(api_url, api_key_file)
    reading = Reading()

    async def write() -> Exported:
        async with Client(connection, parallelism=parallelism) as client:
            organization = await read_organization(client, tenant_of(kinds), None)
            return await export(client, kinds, organization, options, reading.tell)

    exported = asyncio.run(write())
    for note in exported.notes:
        click.echo(f"Note: {note}", err=True)
    rows = count(sum(exported.counts.values()), "row")
    click.echo(f"Wrote {rows} of {count(len(exported.counts), 'kind')} to {out}.")
