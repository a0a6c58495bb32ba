"""``reconciler doctor``: is the key valid, whose is it, what may it read."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from ..client import Client
from ..kind import Kind, load_kinds, tenant_of
from ..live import probe, read_organization
from ..render.words import count
from .options import connection_options, read_connection
from .out import say


@click.command("doctor")
@connection_options
def command(api_url: str | None, api_key_file: Path | None) -> int:
    """Check the API address and key: which organization it opens, and which kinds it may read.

    \b
    Example:
      reconciler doctor
    """
    kinds = load_kinds()
    connection = read_connection(api_url, api_key_file)

    async def look() -> tuple[str, Mapping[str, str | None]]:
        async with Client(connection) as client:
            organization = await read_organization(client, tenant_of(kinds), None)
            return organization, await probe(client, _listed(kinds))

    organization, refused = asyncio.run(look())
    say(f"API:          {connection.url}")
    say(f"Organization: {organization}")
    readable = [kind for kind, reason in refused.items() if reason is None]
    say(f"Readable:     {len(readable)} of {count(len(refused), 'kind')}")
    for kind, reason in refused.items():
        if reason is not None:
            say(f"  not {kind}: {reason}")
    return 0


def _listed(kinds: Mapping[str, Kind]) -> list[Kind]:
    return [kind for kind in kinds.values() if kind.can_list]
