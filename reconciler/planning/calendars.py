"""The calendars that a plan changes: of the YAML's resources, and of the rows it deletes.

Nothing is read for them. So rows in no YAML are not in them, and of columns that the YAML does
not give only what was read anyway.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from ..calendar.rows import Cells, Entry, cells
from ..calendar.shape import CalendarDocument
from ..calendar.work import calendar_of
from ..catalogue import Kind
from ..configuration.resource import Configuration, Resource
from ..identity.found import Identities
from ..identity.resolve import Resolver
from ..plan.change import Action, Change
from ..values.address import Address


def calendar_of_plan(
    configuration: Configuration,
    identities: Identities,
    changes: Sequence[Change],
    unmet: Collection[Address],
) -> CalendarDocument | None:
    """Work out what days are before and after a plan; None where none becomes another."""
    kinds = configuration.kinds
    if not any(kinds[change.kind].calendar for change in changes):
        return None
    compared = _Compared(configuration, identities, changes, unmet)
    return calendar_of(list(compared.entries()), compared=True)


class _Compared:
    """Gives each row as it is and as it will be."""

    def __init__(
        self,
        configuration: Configuration,
        identities: Identities,
        changes: Sequence[Change],
        unmet: Collection[Address],
    ) -> None:
        self._configuration = configuration
        self._kinds = configuration.kinds
        self._identities = identities
        self._resolver = Resolver(identities.ids, identities.lookups)
        self._names = {i: str(a) for a, i in identities.ids.items() if i is not None}
        self._unmet = unmet
        self._deletes = [one for one in changes if one.action is Action.DELETE and one.row]
        self._changed = {one.address: one for one in changes if one.address}

    def entries(self) -> Iterator[Entry]:
        for address, resource in self._configuration.resources.items():
            kind = self._kinds[address.kind]
            if kind.calendar and not resource.absent:
                yield self._entry(kind, resource)
        for change in self._deletes:
            kind = self._kinds[change.kind]
            if kind.calendar:
                yield Entry(change.name, kind, self._cells(kind, change.row or {}), None)

    def _entry(self, kind: Kind, resource: Resource) -> Entry:
        address = resource.address
        found, change = self._identities.found.get(address), self._changed.get(address)
        sent = dict(change.sent()) if change and found else {}
        after = self._cells(kind, resource.values)
        if found is None:
            return Entry(str(address), kind, None, None if address in self._unmet else after)
        live = self._cells(kind, found.row or {})
        before = {**after, **live}
        return Entry(str(address), kind, before, {**before, **self._cells(kind, sent)})

    def _cells(self, kind: Kind, values: Mapping[str, object]) -> Cells:
        return cells(kind, values, self._name, self._configuration.secrets)

    def _name(self, kind: str, row_id: str) -> str:
        return self._names.get(row_id, f"{kind}[{row_id}]")
