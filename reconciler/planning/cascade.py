"""Which rows the server would delete together with others, through a kind that joins the two."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..catalogue import Kind
from ..client.filters import one_of, value_chunks
from ..client.protocols import Reader
from ..diagnostics import AuthorizationError
from ..live.referencing import UNREADABLE
from ..plan.change import Action, Change

RowName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Join:
    """A kind whose rows name both a row to be deleted and one that goes with it."""

    kind: Kind
    deleted: str
    taken: str
    goes: str


async def read_cascaded(
    client: Reader, kinds: Mapping[str, Kind], changes: Iterable[Change], only: Iterable[str]
) -> Mapping[RowName, frozenset[RowName]]:
    """Find what goes with the rows that changes delete: (kind, id) → the (kind, id) of each.

    Only kinds in ``only`` are looked for. What may not be read stands as ``(kind, UNREADABLE)``.
    """
    ids: dict[str, list[str]] = {}
    for change in changes:
        if change.action is Action.DELETE:
            ids.setdefault(change.kind, []).append(str(change.id))
    found: dict[RowName, set[RowName]] = {}
    for name, rows in ids.items():
        for goes in sorted(set(kinds[name].cascades) & set(only)):
            for join in _joins(kinds, name, goes):
                await _follow(client, join, name, rows, found)
    return {row: frozenset(taken) for row, taken in found.items()}


def _joins(kinds: Mapping[str, Kind], deleted: str, goes: str) -> Iterator[_Join]:
    for kind in kinds.values():
        to = {c.name: c.reference.kind for c in kind.references if c.reference}
        if kind.can_list and kind.verbs.keys() - {"list"}:
            for one in (name for name, target in to.items() if target == deleted):
                for other in (name for name, target in to.items() if target == goes):
                    yield _Join(kind, one, other, goes)


async def _follow(
    client: Reader,
    join: _Join,
    deleted: str,
    ids: Iterable[str],
    found: dict[RowName, set[RowName]],
) -> None:
    for chunk in value_chunks(sorted(ids)):
        columns = [join.kind.id_column, join.deleted, join.taken]
        try:
            rows = await client.read(join.kind, columns, [one_of(join.deleted, chunk)])
        except AuthorizationError:
            for row_id in chunk:
                found.setdefault((deleted, row_id), set()).add((join.goes, UNREADABLE))
            continue
        for row in rows:
            if row[join.taken] is not None:
                taken = (join.goes, str(row[join.taken]))
                found.setdefault((deleted, str(row[join.deleted])), set()).add(taken)
