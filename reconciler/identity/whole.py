"""Read whole the rows that may be deleted: matching needs few columns, a delete needs them all."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..client.forms import OddRow
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..live.rows import read_whole_rows
from ..values.sent import Row
from .found import Identities
from .odd import leaving_odd


async def read_deletable(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    identities: Identities,
    *,
    spare_odd: bool,
) -> tuple[Identities, Mapping[str, Mapping[str, Row]]]:
    """Read the rows that no block wants, by kind and id; what turns out odd is in the identities.

    ``spare_odd`` leaves an odd row that has no block with a note; without it that is a problem.
    """
    ids = _ids(configuration, identities)
    odd: list[OddRow] = []
    rows = await read_whole_rows(
        client, kinds, {name: ids[name] for name in ids if kinds[name].can_list}, odd
    )
    spared = None if spare_odd else configuration.protect
    return leaving_odd(identities, configuration.resources, odd, kinds, spared), rows


def _ids(configuration: Configuration, identities: Identities) -> Mapping[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for orphan in identities.orphans:
        rows.setdefault(orphan.kind, []).append(orphan.id)
    for address, found in identities.found.items():
        if configuration.resources[address].absent:
            rows.setdefault(address.kind, []).append(found.id)
    return rows
