"""Which live rows an edited folder means, and what about them is no longer as it says."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..bindings import Binding
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.resource import Configuration, KeyReference, Resource
from ..exporting.spool import Spool
from ..identity.asking import identify_again, read_and_identify
from ..identity.found import Identities
from ..ids import Owner
from ..live.rows import Live
from ..plan.change import Action, Change
from ..planning.diff import diff
from ..remembered import Remembered
from ..values.address import Address
from ..values.stored import Forms

Bindings = Mapping[Address, Binding]


@dataclass(frozen=True, slots=True)
class Matched:
    """What the configuration means among the rows that were read."""

    configuration: Configuration
    live: Live
    identities: Identities
    stored: Forms = field(default_factory=dict)

    def row_of(self, address: Address) -> str | None:
        """Give the id of the row that a resource means."""
        found = self.identities.found.get(address)
        return found.id if found else None

    def means_the_same(self, now: Configuration, touched: frozenset[Address]) -> bool:
        """Tell at first sight that other values mean the same rows: their ids say which.

        ``touched`` are the resources with other values.
        """
        found = self.identities.found
        by_id = all(a in found and found[a].how in ("binding", "id") for a in touched)
        return by_id and now.resources.keys() == self.configuration.resources.keys()

    def only(self, addresses: frozenset[Address]) -> "Matched":
        """Look at some resources alone; what they refer to is known all the same."""
        resources = self.configuration.resources
        some = {address: resources[address] for address in resources.keys() & addresses}
        return replace(self, configuration=replace(self.configuration, resources=some))

    def with_rows(self, spool: Spool, kinds: Mapping[str, Kind]) -> "Matched":
        """Add rows, so that what was made of them can be compared with them."""
        rows = dict(self.live.rows)
        for name in spool.ids:
            column = kinds[name].id_column
            new = {str(row[column]): row for row in spool.rows(name)}
            rows[name] = {**rows.get(name, {}), **new}
        return replace(self, live=replace(self.live, rows=rows))


async def match(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    remembered: Remembered,
) -> Matched:
    """Read and match as a plan does; problems are in the identities."""
    live, identities = await read_and_identify(client, configuration, kinds, remembered)
    return Matched(configuration, live, identities, remembered.bindings.stored)


def match_again(
    before: Matched,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Bindings,
) -> Matched:
    """Match a configuration that was edited, with the rows that were read before."""
    live, identities = identify_again(configuration, kinds, owner, bindings, before.live)
    return Matched(configuration, live, identities, before.stored)


def differing(matched: Matched, kinds: Mapping[str, Kind]) -> Iterator[Change]:
    """Give the resources whose rows have other values than the YAML."""
    found = diff(matched.configuration, kinds, matched.identities, {}, matched.stored)
    return (
        change
        for change in found.changes
        if change.columns and change.action not in (Action.CREATE, Action.DELETE)
    )


def without_row(
    matched: Matched,
    kinds: Mapping[str, Kind],
    *,
    known: bool,
    had_rows: Container[Address] = (),
) -> set[Address]:
    """Find the resources whose rows are gone; ``known`` ones only: those that once had a row.

    The bindings tell that, or ``had_rows``. A resource stays if another one that has no row yet
    refers to it.
    """
    gone = {
        resource.address
        for resource in matched.configuration.resources.values()
        if not resource.absent
        and _is_gone(
            resource,
            matched,
            kinds[resource.address.kind],
            known=known and resource.address not in had_rows,
        )
    }
    waiting = [
        resource
        for address, resource in matched.configuration.resources.items()
        if address not in gone and matched.row_of(address) is None
    ]
    while waiting:
        for address in _referenced(waiting.pop()):
            if address in gone:
                gone.discard(address)
                waiting.append(matched.configuration.resources[address])
    return gone


def _is_gone(resource: Resource, matched: Matched, kind: Kind, *, known: bool) -> bool:
    unknown = kind.name in matched.live.unread or kind.name in matched.live.odd
    if not kind.can_list or unknown:
        return False
    found = matched.identities.found.get(resource.address)
    if found is None:
        return not known or resource.address in matched.identities.gone
    mark = kind.soft_delete
    given = resource.values.keys() | resource.ignore
    return bool(mark and mark not in given and found.row and found.row.get(mark))


def _referenced(resource: Resource) -> Iterator[Address]:
    for reference in resource.references:
        if isinstance(reference, KeyReference):
            yield reference.address
