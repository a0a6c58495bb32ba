"""The whole story in one place.

load → validate → read live → match identity → diff → order → plan
"""

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind, tenant_of
from ..client import Listener, OddRow, Reader
from ..configuration.load import Loaded, load
from ..configuration.resource import Configuration, with_references
from ..configuration.validate import validate
from ..diagnostics import ConfigurationError, PlanError, Problem
from ..history import old_names
from ..identity import Identities, Resolver, leaving_odd, read_and_identify
from ..ids import Owner
from ..live import UNREADABLE, Live, read_organization, read_referencing, read_whole_rows
from ..plan import Plan, digest_of
from ..plan.change import Action, Change
from ..planning.cascade import read_cascaded
from ..planning.consent import Protection, count_owned, with_consents
from ..planning.diff import diff
from ..planning.order import order, with_holders
from ..render.words import count
from ..values.address import Address
from .hiding import hide
from .options import check_known, split_names


@dataclass(frozen=True, slots=True)
class Desired:
    """The configuration that was read, with what validation had to say besides."""

    configuration: Configuration
    loaded: Loaded
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the bindings that carrying it out may have to change."""

    plan: Plan
    bindings: Bindings


class InvalidConfigurationError(ConfigurationError):
    """The YAML is wrong; carries what was read, to show the lines."""

    def __init__(self, problems: tuple[Problem, ...], loaded: Loaded) -> None:
        super().__init__(problems)
        self.loaded = loaded


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run is limited to besides the path: addresses and kinds; nothing: no limit."""

    addresses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def read_configuration(
    paths: Sequence[Path], variables: Mapping[str, str], kinds: Mapping[str, Kind], limits: Limits
) -> Desired:
    """Read and check the YAML; raises InvalidConfigurationError with every problem."""
    loaded = load(paths, variables=variables, environment=os.environ)
    configuration, problems = validate(loaded, kinds, unset_is_error=True)
    if configuration is None:
        raise InvalidConfigurationError(problems, loaded)
    hide(configuration.secrets)
    return Desired(with_references(_limited(configuration, kinds, limits)), loaded, problems)


def _limited(
    configuration: Configuration, kinds: Mapping[str, Kind], limits: Limits
) -> Configuration:
    if not limits.addresses and not limits.kinds:
        return configuration
    wanted_kinds = set(split_names(limits.kinds, kinds))
    known = {str(address): address for address in configuration.resources}
    check_known("resource", limits.addresses, known)
    chosen = {known[name] for name in limits.addresses}
    chosen |= {address for address in configuration.resources if address.kind in wanted_kinds}
    before = configuration.limited
    return replace(configuration, limited=frozenset(chosen if before is None else chosen & before))


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
    organization = await read_organization(
        client, tenant_of(kinds), configuration.organization, configuration.not_for
    )
    owner = Owner(organization, configuration.stack)
    path = bindings_path(configuration.folder, organization)
    bound = Bindings.read(path)
    bindings = bound.entries
    live, identities = await read_and_identify(client, configuration, kinds, owner, bindings)
    _tell_found(client.listener, live, identities)

    doomed = _may_be_deleted(configuration, identities)
    readable = {name: ids for name, ids in doomed.items() if kinds[name].can_list}
    odd: list[OddRow] = []
    whole_rows = await read_whole_rows(client, kinds, readable, odd)
    spared = None if spare_odd else configuration.protect
    identities = leaving_odd(identities, configuration.resources, odd, kinds, spared)
    differences = diff(configuration, kinds, identities, whole_rows, bound.stored)
    problems = (*identities.problems, *differences.problems)
    if problems:
        raise PlanError(problems, tuple(differences.notes))

    protection = Protection.of(configuration, owner, identities.ids, bindings)
    changes, kept = await without_unseen(
        client, kinds, differences.changes, protection, configuration.resources
    )
    counts = count_owned(kinds, owner, identities, live)
    levels = order(with_consents(changes, owned_rows=counts), kinds)
    plan = Plan(
        stack=configuration.stack,
        organization=organization,
        configuration=digest_of(configuration, Resolver(identities.ids, identities.lookups)),
        levels=levels,
        unchanged=sum(_as_desired(change, differences.unmet) for change in changes),
        unmet=frozenset(differences.unmet),
        protect=configuration.protect,
        secrets=configuration.secrets,
        notes=(
            *_limited_to(configuration),
            *identities.notes,
            *differences.notes,
            *kept,
            *_not_looked_at(live),
        ),
        folder=configuration.folder,
        old_names=_old_names(configuration, kinds, owner, changes),
        names={row_id: str(address) for address, row_id in identities.ids.items() if row_id},
    )
    client.listener.reached("planned", changes=len(plan.changes), notes=len(plan.notes))
    return Planned(plan, bound)


def _tell_found(listener: Listener, live: Live, identities: Identities) -> None:
    rows = sum(map(len, live.rows.values()))
    listener.reached("read", kinds=len(live.rows), rows=rows, unread=len(live.unread))
    found, orphans = len(identities.found), len(identities.orphans)
    listener.reached("identified", found=found, orphans=orphans)


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


def _may_be_deleted(
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


async def without_unseen(
    client: Reader,
    kinds: Mapping[str, Kind],
    changes: Sequence[Change],
    protection: Protection,
    wished: Container[Address | None],
) -> tuple[tuple[Change, ...], list[Problem]]:
    """Ask who references the rows to be deleted, and leave out deletes that must not be.

    Those are deletes that nobody can judge, and those of orphans that would take a protected row
    along. What is in ``wished`` is deleted because somebody says so: there it is for apply to
    refuse.
    """
    ids: dict[str, list[str]] = {}
    for change in changes:
        if change.action is Action.DELETE:
            ids.setdefault(change.kind, []).append(str(change.id))
    holders = await read_referencing(client, kinds, ids)
    cascaded = await read_cascaded(client, kinds, changes, protection.names)
    kept: list[Problem] = []
    settled = tuple(changes)
    while True:  # what stays may hold others; each round leaves out at least one delete
        settled = protection.judge(with_holders(settled, holders), kinds, cascaded)
        notes = {id(change): note for change in settled if (note := _stays(change, wished))}
        if not notes:
            return settled, kept
        kept += notes.values()
        settled = tuple(change for change in settled if id(change) not in notes)


def _stays(change: Change, wished: Container[Address | None]) -> Problem | None:
    unreadable = sorted(kind for kind, row_id in change.held_by if row_id == UNREADABLE)
    if unreadable:
        return _kept(change, unreadable)
    if not change.takes or change.address in wished:
        return None
    first, *others = sorted(f"{kind}[{row_id}]" for kind, row_id in change.takes)
    more = f" and {len(others):,} more" if others else ""
    return Problem(
        "kept-protected",
        f"{change.name} stays: deleting it would delete {first}{more}, which is protected",
        address=change.name,
        hint="to delete it, take that out of reconciler: protect:",
        severity="warning",
    )


def _kept(change: Change, unreadable: list[str]) -> Problem:
    return Problem(
        "kept-unseen",
        f"{change.name} stays: {', '.join(unreadable)} may reference it, but cannot be read",
        position=change.position,
        address=change.name,
        hint="use a key that may read there",
        severity="warning",
    )


def _not_looked_at(live: Live) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "not-looked-at",
            f"{kind} was not looked at, and nothing is deleted there: {reason}",
            severity="warning",
        )
        for kind, reason in sorted(live.unread.items())
    )
