"""Look for live rows that are in no YAML, kind by kind and page by page."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..bindings import Binding
from ..catalogue import Kind, is_deleted, is_initial
from ..client.forms import OddRow
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import ApiError, AuthorizationError, UsageError
from ..identity.found import Identities
from ..ids import Owner, is_computed
from ..plan.unmanaged import MOST_NAMED, Unmanaged
from ..remembered import Remembered
from ..values.address import Address
from ..values.sent import Row

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Strangers:
    """What was found, and why kinds could not be looked at."""

    found: tuple[Unmanaged, ...]
    unread: Mapping[str, str]


async def read_unmanaged(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    remembered: Remembered,
    identities: Identities,
) -> Strangers:
    """Count the rows that no resource means, and that are not about to be deleted.

    Those that the folder let go are counted as rows of other stacks.

    Raises UsageError where the configuration is only a part: the rest would look unmanaged.
    """
    if configuration.limited is not None:
        message = "a run that is limited cannot tell which rows are in no YAML"
        raise UsageError(message, hint="name the whole folder, without --target and --kinds")
    owner = remembered.owner
    meant = _meant(identities)
    let_go = frozenset(_let_go(owner, remembered.bindings.entries))
    looked_at = [kind for kind in kinds.values() if kind.in_yaml and kind.can_list]
    results = await asyncio.gather(
        *(_look(client, kind, owner, meant.get(kind.name, ()), let_go) for kind in looked_at),
        return_exceptions=True,
    )
    found: list[Unmanaged] = []
    unread: dict[str, str] = {}
    for kind, result in zip(looked_at, results, strict=True):
        if isinstance(result, Unmanaged):
            found += [result] if result.rows or result.of_others else []
        elif isinstance(result, ApiError) and _is_refusal(result):
            unread[kind.name] = result.message
        else:
            raise result
    return Strangers(tuple(found), unread)


def _meant(identities: Identities) -> Mapping[str, Collection[str]]:
    meant: dict[str, set[str]] = {}
    for address, found in identities.found.items():
        meant.setdefault(address.kind, set()).add(found.id)
    for orphan in identities.orphans:
        meant.setdefault(orphan.kind, set()).add(orphan.id)
    return meant


def _let_go(owner: Owner, bindings: Mapping[Address, Binding]) -> Iterator[tuple[str, str]]:
    """Name the rows that the folder let go, by kind and id."""
    for row_id, way in owner.released.items():
        bound = bindings.get(way.last)
        yield way.last.kind, bound.id if bound else row_id


async def _look(
    client: Reader,
    kind: Kind,
    owner: Owner,
    meant: Collection[str],
    let_go: Collection[tuple[str, str]],
) -> Unmanaged:
    rows = others = 0
    first: list[Row] = []
    odd: list[OddRow] = []
    async for page in client.pages(kind, tuple(_columns(kind)), (), odd):
        for row in page:
            row_id = str(row[kind.id_column])
            if row_id in meant or is_deleted(kind, row) or is_initial(kind, row):
                continue
            made_elsewhere = is_computed(row_id) and not owner.owns(row_id)
            if made_elsewhere or (kind.name, row_id) in let_go:
                others += 1
                continue
            rows += 1
            if len(first) < MOST_NAMED:
                first.append(row)
    return Unmanaged(kind.name, rows, others, tuple(first))


def _columns(kind: Kind) -> Iterator[str]:
    """Name what says which row is meant, and whether it counts; each once."""
    names = [kind.id_column, *kind.primary_key, *(kind.initial or ())]
    names += [part.column for part in (*kind.natural_key, *kind.label)]
    names += [kind.soft_delete] if kind.soft_delete else []
    for name in dict.fromkeys(names):
        if not (kind.columns[name].sensitive or kind.columns[name].unconfirmed):
            yield name


def _is_refusal(error: ApiError) -> bool:
    return isinstance(error, AuthorizationError) or error.status == NOT_FOUND
