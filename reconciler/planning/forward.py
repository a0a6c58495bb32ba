"""From the desired state to a plan: read live → match identity → diff → order."""

from collections.abc import Container, Iterable, Iterator, Mapping

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind
from ..client.forms import OddRow
from ..client.listening import RequestListener
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import PlanError, Problem
from ..diagnostics.words import count
from ..history import old_names
from ..identity.asking import read_and_identify
from ..identity.found import Identities
from ..identity.odd import leaving_odd
from ..identity.resolve import Resolver
from ..ids import Owner
from ..live.organization import organization_of
from ..live.rows import Live, read_whole_rows
from ..plan.change import Action, Change
from ..plan.model import Plan
from ..values.address import Address
from .consent import Protection, count_owned
from .diff import Differences, diff
from .digest import digest_of
from .finish import Finished, finish
from .planned import Planned


async def make_plan(
    configuration: Configuration,
    client: Reader,
    kinds: Mapping[str, Kind],
    *,
    spare_odd: bool = False,
) -> Planned:
    """Compare the configuration with the live organization; raises PlanError with every problem.

    ``spare_odd`` leaves an odd row that has no block with a note; without it that is an error.
    """
    organization = await organization_of(client, kinds, configuration)
    owner = Owner(organization, configuration.stack)
    bindings = Bindings.read(bindings_path(configuration.folder, organization))
    live, identities = await read_and_identify(
        client, configuration, kinds, owner, bindings.entries
    )
    _tell_found(client.listener, live, identities)
    candidates = _delete_candidates(configuration, identities)
    odd: list[OddRow] = []
    whole_rows = await read_whole_rows(
        client, kinds, {name: ids for name, ids in candidates.items() if kinds[name].can_list}, odd
    )
    spared = None if spare_odd else configuration.protect
    identities = leaving_odd(identities, configuration.resources, odd, kinds, spared)
    differences = diff(configuration, kinds, identities, whole_rows, bindings.stored)
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
    plan = _plan(configuration, owner, kinds, live, identities, differences, finished)
    client.listener.reached("planned", changes=len(plan.changes), notes=len(plan.notes))
    return Planned(plan, bindings)


def _tell_found(listener: RequestListener, live: Live, identities: Identities) -> None:
    rows = sum(map(len, live.rows.values()))
    listener.reached("read", kinds=len(live.rows), rows=rows, unread=len(live.unread))
    found, orphans = len(identities.found), len(identities.orphans)
    listener.reached("identified", found=found, orphans=orphans)


def _plan(
    configuration: Configuration,
    owner: Owner,
    kinds: Mapping[str, Kind],
    live: Live,
    identities: Identities,
    differences: Differences,
    finished: Finished,
) -> Plan:
    changes = finished.changes
    return Plan(
        stack=configuration.stack,
        organization=owner.organization,
        configuration=digest_of(configuration, Resolver(identities.ids, identities.lookups)),
        levels=finished.levels,
        unchanged=sum(_as_desired(change, differences.unmet) for change in changes),
        unmet=frozenset(differences.unmet),
        protect=configuration.protect,
        secrets=configuration.secrets,
        notes=(
            *_limited_to(configuration),
            *identities.notes,
            *differences.notes,
            *finished.kept,
            *_not_looked_at(live),
        ),
        folder=configuration.folder,
        old_names=_old_names(configuration, kinds, owner, changes),
        names={row_id: str(address) for address, row_id in identities.ids.items() if row_id},
    )


def _old_names(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    changes: Iterable[Change],
) -> Mapping[tuple[str, str], Address]:
    orphans = [(one.kind, str(one.id)) for one in changes if one.address is None]
    found = old_names(configuration.folder, owner, kinds, orphans)
    return {row: name for row, name in found.items() if name not in configuration.resources}


def _limited_to(configuration: Configuration) -> Iterator[Problem]:
    """Say what a reviewer cannot see: that there is more in the YAML than was compared."""
    if configuration.limited is not None:
        resources = count(len(configuration.resources), "resource")
        yield Problem(
            "limited",
            f"limited to {resources}: nothing else is compared, and nothing is deleted",
            hint="for all of it, plan the whole folder",
            severity="warning",
        )


def _delete_candidates(
    configuration: Configuration, identities: Identities
) -> Mapping[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for orphan in identities.orphans:
        rows.setdefault(orphan.kind, []).append(orphan.id)
    for address, found in identities.found.items():
        if configuration.resources[address].absent:
            rows.setdefault(address.kind, []).append(found.id)
    return rows


def _as_desired(change: Change, unmet: Container[Address | None]) -> bool:
    return change.action is Action.NO_OP and change.address not in unmet


def _not_looked_at(live: Live) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "not-looked-at",
            f"{kind} was not looked at, and nothing is deleted there: {reason}",
            severity="warning",
        )
        for kind, reason in sorted(live.unread.items())
    )
