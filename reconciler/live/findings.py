"""What a key opens, what it may read, and whether live is as we know it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from ..catalogue import Kind, tenant_of
from ..client.protocols import Reader
from .lacking import Deviation, deviations
from .moving import Moved, Samples, moved, take_samples
from .organization import probe, read_organization


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


async def look(client: Reader, kinds: Mapping[str, Kind], watch: float | None) -> Findings:
    """Look at everything once; with ``watch``, at some rows again after so many seconds."""
    tenant = tenant_of(kinds)
    organization = await read_organization(client, tenant, None) if tenant else "none"
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
        "the server's OpenAPI document" if described else "one row of each kind",
        found,
        unknown,
        sorted((described or {}).keys() - kinds.keys()),
        after,
        moved(before, after, kinds),
    )
