"""``reconciler import``: take one live row over by hand."""

import asyncio
from contextlib import nullcontext
from pathlib import Path

import click

from ..catalogue import load_kinds, tenant_of
from ..client.client import ApiReader
from ..configuration.read import Desired, Limits
from ..exporting import Adopted, adopt, finish_stopped, parse_address
from ..live.organization import read_organization
from ..render.out import say
from .options import (
    PathType,
    connection_options,
    lock_option,
    locked_folder,
    parallelism_option,
    read_connection,
    read_variables,
    variable_options,
)
from .reading import read_or_explain


@click.command("import")
@click.argument("address", metavar="KIND.KEY")
@click.argument("row_id", metavar="ID")
@click.argument("path", default=".", type=PathType(file_okay=False))
@variable_options
@connection_options
@parallelism_option
@lock_option
def command(
    address: str,
    row_id: str,
    path: Path,
    var_texts: tuple[str, ...],
    var_files: tuple[Path, ...],
    api_url: str | None,
    api_key_file: Path | None,
    parallelism: int,
) -> None:
    """Take the live row ID over as KIND.KEY: it is owned from then on.

    Its id goes into the bindings of the folder PATH, and where the YAML has no such block, one
    with all its columns is added to it. Nothing is written to the organization.

    \b
    Examples:
      reconciler import taxes.vat 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37
      reconciler import contact_bookings.jane--summer \\
        0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d villa/
    """
    kinds = load_kinds()
    wanted = parse_address(address, kinds)
    connection = read_connection(api_url, api_key_file)
    variables = read_variables(var_texts, var_files)

    async def take_over(desired: Desired) -> Adopted:
        configuration = desired.configuration
        async with ApiReader(connection, parallelism=parallelism) as client:
            organization = await read_organization(
                client,
                tenant_of(kinds),
                configuration.organization,
                configuration.forbidden_organizations,
            )
            return await adopt(
                client, kinds, organization, desired.loaded, configuration, wanted, row_id
            )

    lock = locked_folder(path) if path.is_dir() else nullcontext()
    with lock:  # before it is read: what another run writes there is not lost
        finish_stopped(path)
        adopted = asyncio.run(take_over(read_or_explain((path,), variables, kinds, Limits())))
    for note in adopted.notes:
        say(f"Note: {note}", err=True)
    written = "bound, and written to the YAML" if adopted.wrote_block else "bound"
    say(f"{wanted} is the row {row_id.lower()} now: {written}.")
