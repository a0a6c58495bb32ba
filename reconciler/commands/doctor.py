"""``reconciler doctor``: is the key valid, whose is it, what may it read, is live as we know it."""

import asyncio

import click

from ..catalogue import load_kinds
from ..client.client import ApiReader
from ..live.findings import Findings, look
from ..render.findings_text import findings_lines
from ..render.out import say
from .inputs import Access
from .options import connection_options, gathered
from .types import Seconds


@click.command("doctor")
@connection_options
@click.option(
    "--watch",
    type=Seconds(0, 3600),
    help="Read rows twice, so long apart, and name columns that the server moves by itself.",
)
@gathered(access=Access)
def command(access: Access, watch: float | None) -> None:
    """Check the API address and key: which organization it opens, and which kinds it may read.

    Columns and kinds that the API lacks or has more than this version knows are listed.

    \b
    Examples:
      reconciler doctor
      reconciler doctor --watch 60
    """
    kinds = load_kinds()
    connection = access.connection(kinds)

    async def run() -> Findings:
        async with ApiReader(connection) as client:
            return await look(client, kinds, watch)

    findings = asyncio.run(run())
    say(f"API:          {connection.url}", *findings_lines(findings, kinds, watch))
