"""``reconciler import``: take one live row over by hand."""

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import click

from ..client.client import ApiReader
from ..configuration.grown import kinds_of
from ..configuration.read import Desired, Limits
from ..live.organization import organization_of
from ..render.out import say
from ..sync.adopt import Adopted, adopt, parse_address
from .inputs import Access, Workplace
from .options import (
    connection_options,
    gathered,
    lock_option,
    parallelism_option,
    variable_options,
    variables_of,
)
from .reading import read_or_explain
from .stopped import finish
from .types import PathType


@click.command("import")
@click.argument("address", metavar="KIND.KEY")
@click.argument("row_id", metavar="ID")
@click.argument("path", default=".", type=PathType(file_okay=False))
@variable_options
@connection_options
@parallelism_option
@lock_option
@gathered(variables=variables_of, access=Access, workplace=Workplace)
def command(
    address: str,
    row_id: str,
    path: Path,
    variables: Mapping[str, str],
    access: Access,
    workplace: Workplace,
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
    kinds = kinds_of([path])
    wanted = parse_address(address, kinds)
    connection = access.connection(kinds)

    async def take_over(desired: Desired) -> Adopted:
        configuration = desired.configuration
        async with ApiReader(connection, parallelism=parallelism) as client:
            organization = await organization_of(client, kinds, configuration)
            return await adopt(
                client, kinds, organization, desired.loaded, configuration, wanted, row_id
            )

    lock = workplace.locked(path) if path.is_dir() else nullcontext()
    with lock:  # before it is read: what another run writes there is not lost
        finish(path)
        adopted = asyncio.run(take_over(read_or_explain((path,), variables, kinds, Limits())))
    for note in adopted.notes:
        say(f"Note: {note}", err=True)
    written = "bound, and written to the YAML" if adopted.wrote_block else "bound"
    say(f"{wanted} is the row {row_id.lower()} now: {written}.")
