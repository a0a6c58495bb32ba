"""``reconciler doctor``: is the key valid, whose is it, what may it read, is live as we know it."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ..catalogue import Kind, load_kinds, tenant_of
from ..client.client import Client
from ..diagnostics.words import count
from ..live.lacking import Deviation, deviations
from ..live.moving import MOST_ROWS, Moved, Samples, moved, take_samples
from ..live.organization import probe, read_organization
from ..render.out import say
from .options import Seconds, connection_options, read_connection


@dataclass(frozen=True, slots=True)
class Findings:
    """What was looked at, and what was found."""

    organization: str
    refused: Mapping[str, str | None]
    source: str
    deviations: list[Deviation]
    unknown: list[str]
    kinds_more: list[str]
    samples: Samples
    moved: Moved


@click.command("doctor")
@connection_options
@click.option(
    "--watch",
    type=Seconds(0, 3600),
    help="Read rows twice, so long apart, and name columns that the server moves by itself.",
)
def command(api_url: str | None, api_key_file: Path | None, watch: float | None) -> int:
    """Check the API address and key: which organization it opens, and which kinds it may read.

    Columns and kinds that the API lacks or has more than this version knows are listed.

    \b
    Examples:
      reconciler doctor
      reconciler doctor --watch 60
    """
    kinds = load_kinds()
    connection = read_connection(api_url, api_key_file)

    async def look() -> Findings:
        async with Client(connection) as client:
            return await _look(client, kinds, watch)

    findings = asyncio.run(look())
    say(f"API:          {connection.url}")
    for line in _lines(findings, kinds, watch):
        say(line)
    return 0


async def _look(client: Client, kinds: Mapping[str, Kind], watch: float | None) -> Findings:
    organization = await read_organization(client, tenant_of(kinds), None)
    listed = [kind for kind in kinds.values() if kind.can_list]
    refused = await probe(client, listed)
    readable = [kind for kind in listed if refused[kind.name] is None]
    described = await client.describe()
    found, unknown = await deviations(client, readable, described)
    before: Samples = {}
    after: Samples = {}
    if watch is not None:
        before = await take_samples(client, readable)
        await asyncio.sleep(watch)
        after = await take_samples(client, readable)
    return Findings(
        organization,
        refused,
        "the API's own description" if described else "one row of each kind",
        found,
        unknown,
        sorted((described or {}).keys() - kinds.keys()),
        after,
        moved(before, after, kinds),
    )


def _lines(found: Findings, kinds: Mapping[str, Kind], watch: float | None) -> Iterator[str]:
    refused = {kind: reason for kind, reason in found.refused.items() if reason is not None}
    yield f"Organization: {found.organization}"
    readable = len(found.refused) - len(refused)
    yield f"Readable:     {readable} of {count(len(found.refused), 'kind')}"
    for kind, reason in refused.items():
        yield f"  not {kind}: {reason}"
    differ = len(found.deviations)
    says = f"{count(differ, 'kind')} otherwise than known" if differ else "as known"
    yield f"Columns:      {says}, by {found.source}"
    for one in found.deviations:
        if one.lacks:
            yield f"  {one.kind} lacks {', '.join(one.lacks)}"
        if one.more:
            yield f"  {one.kind} has more: {', '.join(one.more)}"
    if found.kinds_more:
        yield f"  kinds that this version does not know: {', '.join(found.kinds_more)}"
    if found.unknown:
        yield f"  unknown, since there is no row: {', '.join(found.unknown)}"
    if watch is not None:
        yield from _watched(found, kinds, watch)


def _watched(found: Findings, kinds: Mapping[str, Kind], watch: float) -> Iterator[str]:
    rows = sum(len(rows) for rows in found.samples.values())
    yield (
        f"Moving:       looked at {count(rows, 'row')} of {count(len(found.samples), 'kind')}"
        f" twice, {watch:g} s apart (at most {MOST_ROWS:,} of each, and only kinds with a version)"
    )
    for (kind, column), number in sorted(found.moved.items()):
        yield (
            f"  {kind}.{column} moved in {count(number, 'row')} though {kinds[kind].version} did"
            " not: the server may move it by itself; `x-volatile: true` in its schema says so"
        )
    if not found.moved:
        yield "  no column moved while the version of its row stayed"
