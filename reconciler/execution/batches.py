"""Group the changes of one level into as few requests as the server can take."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

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
    whose lock does not fit into that.
    """

    kind: Kind
    action: Action
    changes: tuple[Change, ...]
    values: Mapping[str, JSON]
    bound: int = 0
    weak: bool = False


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
    groups: dict[tuple[str, Action, bytes], list[Change]] = {}
    for change in changes:
        groups.setdefault(_group(change, kinds[change.kind], ids), []).append(change)
    for (name, action, _), members in groups.items():
        yield from _cut(kinds[name], action, members, ids, bounds)


def body_of(
    change: Change, kind: Kind, ids: Mapping[Address, str], organization: str
) -> dict[str, JSON]:
    """Write the row that a create sends."""
    body: dict[str, JSON] = {kind.id_column: change.id}
    if kind.filled:
        body[kind.filled] = organization
    return {**body, **values_of(change, ids)}


def values_of(change: Change, ids: Mapping[Address, str]) -> dict[str, JSON]:
    """Write the values that a change sends, with the ids that are known by now."""
    return {name: sent(value, ids) for name, value in change.after.items()}


def sent(value: Sent, ids: Mapping[Address, str]) -> JSON:
    """Put ids where a value still holds addresses."""
    if isinstance(value, Pending):
        return ids[value.address]
    if isinstance(value, list):
        return [sent(item, ids) for item in value]
    if isinstance(value, dict):
        return {name: sent(item, ids) for name, item in value.items()}
    return value


def locks_of(kind: Kind, changes: Iterable[Change]) -> Locks:
    """Lock the rows of changes at what the plan read."""
    first, *others = (lock_of(kind, cast("Row", change.row)) for change in changes)
    return (first, *others)


def lock_of(kind: Kind, row: Row) -> RowLock:
    """Lock one row: by its id (and its pair, where the pair is the key) and what it held."""
    names = dict.fromkeys((kind.id_column, *kind.primary_key))
    held = (c for c in kind.lock_columns if c.name not in names and c.name in row)
    return row_lock(names, held, row)


def _group(change: Change, kind: Kind, ids: Mapping[Address, str]) -> tuple[str, Action, bytes]:
    if change.action is Action.CREATE:
        alone = kind.create_action is not None
        label: object = str(change.address) if alone else sorted(change.columns)
        return kind.name, Action.CREATE, canonical_json(label)
    if change.action is Action.DELETE:
        alone = kind.delete_action is not None
        return kind.name, Action.DELETE, (change.id or "").encode() if alone else b""
    return kind.name, Action.UPDATE, canonical_json(values_of(change, ids))


def _cut(
    kind: Kind,
    action: Action,
    members: list[Change],
    ids: Mapping[Address, str],
    bounds: Bounds,
) -> Iterator[Batch]:
    values = values_of(members[0], ids) if action is Action.UPDATE else {}
    start = 0
    while start < len(members):
        if action is Action.CREATE:
            some = members[start : start + bounds.rows_per_create]
            yield Batch(kind, action, tuple(some), values)
        else:
            bound = bounds.url_bound
            locks = (lock_of(kind, cast("Row", member.row)) for member in members[start:])
            first = next(chunks_by_url(kind.name, locks, bound))
            some = members[start : start + len(first)]
            weak = not fits(kind.name, first, bound)
            yield Batch(kind, action, tuple(some), values, bound, weak=weak)
        start += len(some)
