"""From the desired state to a plan: read live → match identity → diff → order."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import PlanError
from ..identity.asking import read_and_identify
from ..identity.whole import read_deletable
from ..ids import Transfers
from ..remembered import Remembered
from ..spans import stage
from ..values.address import Address
from .assembly import assemble
from .consent import Protection, count_owned
from .diff import diff
from .finish import finish
from .planned import Planned
from .unmanaged import read_unmanaged


async def make_plan(
    configuration: Configuration,
    remembered: Remembered,
    client: Reader,
    kinds: Mapping[str, Kind],
    *,
    spare_odd: bool = False,
    unmanaged: bool = False,
) -> Planned:
    """Compare the configuration with the live organization; raises PlanError with every problem.

    ``remembered`` is what the folder knows of that organization. ``spare_odd`` leaves an odd row
    that has no block with a note; without it that is an error. ``unmanaged`` looks besides for
    rows that are in no YAML.
    """
    owner, bindings = remembered.owner, remembered.bindings
    live, identities = await read_and_identify(client, configuration, kinds, remembered)
    identities, deletable = await read_deletable(
        client, configuration, kinds, identities, spare_odd=spare_odd
    )
    with stage("diff") as comparing:
        differences = diff(configuration, kinds, identities, deletable, bindings.stored)
        comparing.count(changes=len(differences.changes))
    problems = (*identities.problems, *differences.problems)
    if problems:
        raise PlanError(problems, tuple(differences.notes))
    finished = await finish(
        client,
        kinds,
        differences.changes,
        Protection.of(configuration, owner, identities.ids, bindings.entries),
        wished=configuration.resources,
        owned_rows=count_owned(kinds, owner, identities, live),
    )
    strangers = (
        await read_unmanaged(client, configuration, kinds, remembered, identities)
        if unmanaged
        else None
    )
    again = managed_again(configuration, owner.transfers)
    plan = assemble(configuration, live, identities, differences, finished, strangers)
    return Planned(plan, remembered, kinds=kinds, again=again)


def managed_again(configuration: Configuration, transfers: Transfers) -> frozenset[Address]:
    """Name the rows that were let go and have a block in the folder itself.

    One that only an overlay gives is let go still where that overlay is not laid over.
    """
    lasts = {way.last for way in transfers.released.values() if way.to is None}
    return frozenset((lasts & configuration.resources.keys()) - configuration.only_above)
