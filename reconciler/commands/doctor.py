"""``reconciler doctor``: is the key valid, whose is it, what may it read, is live as we know it."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind, load_kinds
from ..catalogue.schemas import SUFFIX
from ..client.client import ApiReader
from ..client.connection import Connection
from ..configuration.grown import kinds_of
from ..diagnostics import UsageError
from ..live.comparing import Compared, compare
from ..live.findings import Findings, look
from ..live.stubs import stubs_of, write_stub
from ..render.compared_text import compared_lines
from ..render.findings_text import findings_lines
from ..render.out import say, tell
from .inputs import Access
from .options import connection_options, gathered
from .types import PathType, Seconds


@click.command("doctor")
@connection_options
@click.option(
    "--watch",
    type=Seconds(0, 3600),
    help="Read rows twice, so long apart, and name columns that the server moves by itself.",
)
@click.option(
    "--folder",
    type=PathType(exists=True),
    help="A folder of YAML: the kinds and columns of its own catalogue are known, too.",
)
@click.option(
    "--catalogue", is_flag=True, help="Compare every kind and column with live, types included."
)
@click.option(
    "--write",
    "out",
    type=PathType(file_okay=False),
    help="With --catalogue: write schema files for what is new into this folder. They hold types,"
    " never values; files that exist stay.",
)
@gathered(access=Access)
def command(
    access: Access, watch: float | None, folder: Path | None, *, catalogue: bool, out: Path | None
) -> None:
    """Check the API address and key: which organization it opens, and which kinds it may read.

    Columns and kinds that the API lacks or has more than this version knows are listed.

    \b
    Examples:
      reconciler doctor
      reconciler doctor --watch 60
      reconciler doctor --catalogue --write villa/kinds
    """
    if out and not catalogue:
        raise UsageError("--write is about a catalogue", hint="add --catalogue")
    kinds = kinds_of([folder]) if folder else load_kinds()
    connection = access.connection(kinds)
    if catalogue:
        _compare(connection, kinds, out)
        return

    async def run() -> Findings:
        async with ApiReader(connection) as client:
            return await look(client, kinds, watch)

    findings = awaited(run())
    say(f"API:          {connection.url}", *findings_lines(findings, kinds, watch))


def _compare(connection: Connection, kinds: Mapping[str, Kind], out: Path | None) -> None:
    async def run() -> Compared:
        async with ApiReader(connection) as client:
            return await compare(client, kinds)

    found = awaited(run())
    say(f"API:          {connection.url}", *compared_lines(found))
    if out is None:
        return
    for name, stub in stubs_of(found, kinds):
        file = out / f"{name}{SUFFIX}"
        if write_stub(file, stub):
            say(f"Wrote {file}.")
        else:
            tell(f"{file} exists already; it stays")
