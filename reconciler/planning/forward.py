"""From the desired state to a plan: read live → match identity → diff → order."""

from collections.abc import Mapping

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import PlanError
from ..history import old_names
from ..identity.asking import read_and_identify
from ..identity.whole import read_deletable
from ..ids import Transfers
from ..live.organization import organization_of
from ..spans import stage
from ..transfers import owner_in
from ..values.address import Address
from .assembly import assemble
from .consent import Protection, count_owned
from .diff import diff
from .finish import finish
from .planned import Planned
from .unmanaged import read_unmanaged


async def make_plan(
    configuration: Configuration,
    client: Reader,
    kinds: Mapping[str, Kind],
    *,
    spare_odd: bool = False,
    unmanaged: bool = False,
    bindings: Bindings | None = None,
) -> Planned:
    """Compare the configuration with the live organization; raises PlanError with every problem.

    ``spare_odd`` leaves an odd row that has no block with a note; without it that is an error.
    ``unmanaged`` looks besides for rows that are in no YAML. ``bindings`` are read from the folder,
    unless others are given.
    """
    with stage("plan") as planning:
        planned = await _planned(
            configuration, client, kinds, bindings, spare_odd=spare_odd, unmanaged=unmanaged
        )
        planning.count(changes=len(planned.plan.changes), notes=len(planned.plan.notes))
    return planned


async def _planned(
    configuration: Configuration,
    client: Reader,
    kinds: Mapping[str, Kind],
    bindings: Bindings | None,
    *,
    spare_odd: bool,
    unmanaged: bool,
) -> Planned:
    organization = await organization_of(client, kinds, configuration)
    owner = owner_in(configuration.folder, organization, configuration.stack)
    if bindings is None:
        bindings = Bindings.read(bindings_path(configuration.folder, organization))
    live, identities = await read_and_identify(
        client, configuration, kinds, owner, bindings.entries
    )
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
    orphans = [(one.kind, str(one.id)) for one in finished.changes if one.address is None]
    called = old_names(configuration.folder, owner, kinds, orphans)
    strangers = (
        await read_unmanaged(client, configuration, kinds, owner, identities, bindings.entries)
        if unmanaged
        else None
    )
    plan = assemble(configuration, live, identities, differences, finished, called, strangers)
    again = managed_again(configuration, owner.transfers)
    return Planned(plan, bindings, kinds=kinds, again=again)


def managed_again(configuration: Configuration, transfers: Transfers) -> frozenset[Address]:
    """Name the rows that were let go and have a block in the folder itself.

    One that only an overlay gives is let go still where that overlay is not laid over.
    """
    lasts = {way.last for way in transfers.released.values() if way.to is None}
    return frozenset((lasts & configuration.resources.keys()) - configuration.only_above)
