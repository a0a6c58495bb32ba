"""Plan for a folder: what it remembers is read before, and what history tells is read after."""

from collections.abc import Mapping
from dataclasses import replace

from ..bindings import Bindings
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..history import old_names
from ..live.organization import organization_of
from ..remembered import remembered_in
from ..spans import stage
from .forward import make_plan
from .planned import Planned


async def plan_folder(
    configuration: Configuration,
    client: Reader,
    kinds: Mapping[str, Kind],
    *,
    spare_odd: bool = False,
    unmanaged: bool = False,
    bindings: Bindings | None = None,
) -> Planned:
    """Plan for the folder of a configuration, in the organization that the key opens.

    ``bindings`` are read from the folder, unless others are given; all else is as
    :func:`~reconciler.planning.forward.make_plan` says. Raises what it raises, and
    ConfigurationError or UsageError where what the folder remembers cannot be read.
    """
    with stage("plan") as planning:
        organization = await organization_of(client, kinds, configuration)
        folder, stack = configuration.folder, configuration.stack
        remembered = remembered_in(folder, organization, stack, bindings)
        planned = await make_plan(
            configuration, remembered, client, kinds, spare_odd=spare_odd, unmanaged=unmanaged
        )
        planned = with_old_names(planned, configuration)
        planning.count(changes=len(planned.plan.changes), notes=len(planned.plan.notes))
    return planned


def with_old_names(planned: Planned, configuration: Configuration) -> Planned:
    """Say of rows without an address what they were called, where nothing is called so now."""
    plan = planned.plan
    rows = [(one.kind, str(one.id)) for one in plan.changes if one.address is None]
    called = old_names(configuration.folder, planned.remembered.owner, planned.kinds, rows)
    names = {row: name for row, name in called.items() if name not in configuration.resources}
    return replace(planned, plan=replace(plan, old_names=names)) if names else planned
