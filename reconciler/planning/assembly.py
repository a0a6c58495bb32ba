"""The end of planning forward: what all stages found becomes one plan."""

from collections.abc import Container, Iterator
from itertools import chain

from ..configuration.resource import Configuration
from ..diagnostics import Problem
from ..diagnostics.words import count
from ..identity.found import Identities
from ..identity.resolve import Resolver
from ..live.rows import Live
from ..plan.change import Action, Change
from ..plan.model import Plan
from ..values.address import Address
from .calendars import calendar_of_plan
from .diff import Differences
from .digest import digest_of
from .finish import Finished
from .names import Names
from .unmanaged import Strangers


def assemble(
    configuration: Configuration,
    live: Live,
    identities: Identities,
    differences: Differences,
    finished: Finished,
    strangers: Strangers | None = None,
) -> Plan:
    """Make the plan; ``strangers`` are the rows that are in no YAML, if somebody asked."""
    names = Names(identities.ids)
    return Plan(
        stack=configuration.stack,
        organization=live.organization,
        configuration=digest_of(configuration, Resolver(identities.ids, identities.lookups)),
        levels=finished.levels,
        unchanged=differences.unchanged
        + sum(_as_desired(change, differences.unmet) for change in finished.changes),
        unmet=frozenset(differences.unmet),
        protect=configuration.protect,
        secrets=configuration.secrets,
        notes=(
            *_limited_to(configuration),
            *identities.notes,
            *differences.notes,
            *finished.kept,
            *_not_looked_at(live),
            *(_not_counted(strangers, live) if strangers else ()),
        ),
        folder=configuration.folder,
        names=names.written if finished.levels else names,
        unmanaged=strangers.found if strangers else None,
        calendar=calendar_of_plan(
            configuration,
            identities,
            tuple(chain.from_iterable(finished.levels)),
            differences.unmet,
        ),
    )


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


def _as_desired(change: Change, unmet: Container[Address | None]) -> bool:
    return change.action is Action.NO_OP and change.address not in unmet


def _not_looked_at(live: Live) -> Iterator[Problem]:
    for kind, reason in sorted(live.unread.items()):
        yield Problem(
            "not-looked-at",
            f"{kind} was not looked at, and nothing is deleted there: {reason}",
            severity="warning",
        )


def _not_counted(strangers: Strangers, live: Live) -> Iterator[Problem]:
    for kind, reason in sorted(strangers.unread.items()):
        if kind not in live.unread:
            yield Problem(
                "not-looked-at",
                f"{kind} was not looked at for rows that are in no YAML: {reason}",
                severity="warning",
            )
