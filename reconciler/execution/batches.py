"""Group the changes of one level into as few requests as the server can take."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias, cast

from ..catalogue import Kind
from ..client.filters import Locks, RowLock, chunks_by_url, fits, row_lock
from ..plan.change import Action, Change
from ..values.address import Address
from ..values.column import JSON
from ..values.jsonform import canonical_json
from ..values.sent import Pending, Row, Sent


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of one kind and action that go in one request.

    ``values`` are what an update sets; ``bound`` is how long its URL may be; ``weak`` marks a row
    whose lock does not fit into that. ``locks`` are those of all its rows, where they were made
    when it was cut.
    """

    kind: Kind
    action: Action
    changes: tuple[Change, ...]
    values: Mapping[str, JSON]
    bound: int = 0
    weak: bool = False
    locks: tuple[RowLock, ...] = field(default=(), compare=False, repr=False)

    def part(self, changes: Iterable[Change], bound: int) -> "Batch":
        """Give a batch of some of these changes, maybe with other rows to lock."""
        return replace(self, changes=tuple(changes), bound=bound, locks=())

    def every_lock(self) -> Locks:
        """Lock the rows at what the plan read."""
        rows = (cast("Row", change.row) for change in self.changes)
        first, *others = self.locks or row_locks(self.kind, rows)
        return (first, *others)


class Bounds(Protocol):
    """How much the server takes in one request, as far as it is known by now."""

    @property
    def rows_per_create(self) -> int:
        """The most rows of a create."""

    @property
    def url_bound(self) -> int:
        """The most characters of a URL."""


def batches(
    changes: Iterable[Change],
    kinds: Mapping[str, Kind],
    ids: Mapping[Address, str],
    bounds: Bounds,
) -> Iterator[Batch]:
    """Group changes that can go together: the same columns for creates, equal values for updates.

    ``ids`` are the ids known by now of rows that the server numbers. A batch is cut when it is
    asked for, so that it keeps within bounds that were learned from the one before.
    """
    groups: dict[Hashable, _Group] = {}
    for change in changes:
        kind = kinds[change.kind]
        key, action, values = _key(change, kind, ids)
        if key not in groups:
            groups[key] = _Group(kind, action, values)
        groups[key].members.append(change)
    lockers = {group.kind.name: _locker(group.kind) for group in groups.values()}
    for group in groups.values():
        if group.action is Action.CREATE:
            yield from _cut_by_rows(group, bounds)
        else:
            yield from _cut_by_url(group, lockers[group.kind.name], bounds)


@dataclass(frozen=True, slots=True)
class _Group:
    """Changes that may go together, if not too many at a time."""

    kind: Kind
    action: Action
    values: Mapping[str, JSON]
    members: list[Change] = field(default_factory=list)


def bodies_of(
    changes: Iterable[Change], kind: Kind, ids: Mapping[Address, str], organization: str
) -> list[dict[str, JSON]]:
    """Write the rows that a create sends."""
    name, filled = kind.id_column, kind.filled
    ours: dict[str, JSON] = {filled: organization} if filled else {}
    return [{name: change.id, **ours, **values_of(change, ids)} for change in changes]


def values_of(change: Change, ids: Mapping[Address, str]) -> dict[str, JSON]:
    """Write the values that a change sends, with the ids that are known by now."""
    return {
        name: value if type(value) is str else sent(value, ids)  # nearly all are texts
        for name, value in change.sent()
    }


def sent(value: Sent, ids: Mapping[Address, str]) -> JSON:
    """Put ids where a value still holds addresses."""
    if isinstance(value, Pending):
        return ids[value.address]
    if isinstance(value, list):
        return [sent(item, ids) for item in value]
    if isinstance(value, dict):
        return {name: sent(item, ids) for name, item in value.items()}
    return value


def row_locks(kind: Kind, rows: Iterable[Row]) -> Iterator[RowLock]:
    """Lock rows, each by its id (and its pair, where the pair is the key) and what it held."""
    return map(_locker(kind), rows)


_Locker: TypeAlias = Callable[[Row], RowLock]


def _locker(kind: Kind) -> _Locker:
    """Give what locks a row of a kind."""
    names = dict.fromkeys((kind.id_column, *kind.primary_key))
    columns = [column for column in kind.lock_columns if column.name not in names]
    return lambda row: row_lock(names, (c for c in columns if c.name in row), row)


def _key(
    change: Change, kind: Kind, ids: Mapping[Address, str]
) -> tuple[Hashable, Action, Mapping[str, JSON]]:
    """Give what changes that may go together have in common; what is done; and what is set."""
    name, action = kind.name, change.action
    if action is Action.CREATE:
        alone = kind.create_action is not None
        label: Hashable = change.address if alone else tuple(sorted(change.columns))
        return (name, action, label), action, {}
    if action is Action.DELETE:
        return (name, action, change.id if kind.delete_action is not None else None), action, {}
    values = values_of(change, ids)
    plain = all(isinstance(value, str) for value in values.values())
    label = tuple(sorted(values.items())) if plain else canonical_json(values)
    return (name, Action.UPDATE, label), Action.UPDATE, values


def _cut_by_rows(group: _Group, bounds: Bounds) -> Iterator[Batch]:
    start = 0
    while some := group.members[start : start + bounds.rows_per_create]:
        yield Batch(group.kind, group.action, tuple(some), group.values)
        start += len(some)


def _cut_by_url(group: _Group, lock: _Locker, bounds: Bounds) -> Iterator[Batch]:
    kind, members, start = group.kind, group.members, 0
    while start < len(members):
        bound = bounds.url_bound
        rest = (lock(cast("Row", members[n].row)) for n in range(start, len(members)))
        alone = start + 1 == len(members)  # as are all where each is changed in its own way
        locks = (next(rest),) if alone else next(chunks_by_url(kind.name, rest, bound))
        some = tuple(members[start : start + len(locks)])
        weak = not fits(kind.name, locks, bound)
        yield Batch(kind, group.action, some, group.values, bound, weak=weak, locks=locks)
        start += len(some)
