"""``reconciler import``: take one live row over by hand."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..api.waiting import awaited
from ..client.client import ApiReader
from ..configuration.grown import kinds_of
from ..configuration.read import Desired, Limits
from ..diagnostics import UsageError
from ..moving.take import take_row
from ..moving.workspace import Workspace
from ..render.out import say, tell_notes
from ..sync.adopt import Adopted, parse_address
from .inputs import Access, Workplace
from .moves import opening
from .options import (
    connection_options,
    gathered,
    lock_option,
    parallelism_option,
    variable_options,
    variables_of,
)
from .reading import read_or_explain
from .types import PathType


@click.command("import")
@click.argument("address", metavar="KIND.KEY")
@click.argument("row_id", metavar="ID")
@click.argument("path", default=".", type=PathType(file_okay=False))
@click.option("--take-over", is_flag=True, help="Take the row of another stack: needs --from.")
@click.option(
    "--from",
    "other",
    type=PathType(file_okay=False),
    help="With --take-over: the folder of the stack that has the row; its block goes.",
)
@variable_options
@connection_options
@parallelism_option
@lock_option
@gathered(variables=variables_of, access=Access, workplace=Workplace)
def command(
    address: str,
    row_id: str,
    path: Path,
    take_over: bool,
    other: Path | None,
    variables: Mapping[str, str],
    access: Access,
    workplace: Workplace,
    parallelism: int,
) -> None:
    """Take the live row ID over as KIND.KEY: it is owned from then on.

    Its id goes into the bindings of the folder PATH, and where the YAML has no such block, one
    with all its columns is added to it. Nothing is written to the organization.

    A row of another stack is taken with --take-over: in one step its block goes from the folder
    --from, which lets it go for every organization, and comes here with the same id.

    \b
    Examples:
      reconciler import taxes.vat 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37 villa/
      reconciler import contact_bookings.jane--summer \\
        0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d villa/
      reconciler import contacts.jane 9c1f0e2a-7b64-8d1e-9f0a-3b5c7d9e1f2a zuid/ \\
        --take-over --from park/
    """
    if take_over != (other is not None):
        raise UsageError("--take-over and --from go together", hint="--from names the folder")
    kinds = kinds_of([path])
    wanted = parse_address(address, kinds)
    connection = access.connection(kinds)

    async def taken(desired: Desired, there: Workspace | None) -> Adopted:
        async with ApiReader(connection, parallelism=parallelism) as client:
            return await take_row(client, kinds, desired, wanted, row_id, there)

    folders = [each for each in (path, other) if each is not None and each.is_dir()]
    with opening(workplace, kinds, *folders):  # before it is read: what others write is not lost
        there = Workspace.open((other,), variables, kinds) if other is not None else None
        desired = read_or_explain((path,), variables, kinds, Limits())
        adopted = awaited(taken(desired, there))
    tell_notes(adopted.notes)
    written = "bound, and written to the YAML" if adopted.wrote_block else "bound"
    say(f"{wanted} is the row {row_id.lower()} now: {written}.")
