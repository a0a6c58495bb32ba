"""Which of the rows that were read go into the YAML; what does not is said."""

from collections.abc import Container, Iterator, Mapping

from ..bindings import Binding
from ..catalogue import Kind
from ..client.protocols import Reader
from ..ids import Owner, is_computed
from ..values.address import Address
from .reading import read_into
from .selection import Selection
from .spool import Spool, Tell


async def read_rows(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], selection: Selection, tell: Tell
) -> None:
    """Read what is selected and would be written: neither marked as deleted, nor a double link."""
    await read_into(spool, client, kinds, selection, tell)
    leave_out_deleted(spool, kinds)
    leave_out_doubles(spool, kinds)


MOST_NAMED = 5


def leave_out_deleted(spool: Spool, kinds: Mapping[str, Kind]) -> None:
    """Leave out rows that are only marked as deleted."""
    for name in list(spool.ids):
        mark = kinds[name].soft_delete
        if mark:
            deleted = (row for row in spool.rows(name) if row.get(mark))
            ids = [str(row[kinds[name].id_column]) for row in deleted]
            _leave_out(spool, name, ids, "marked as deleted")


def leave_out_doubles(
    spool: Spool, kinds: Mapping[str, Kind], first: Mapping[str, Container[str]] | None = None
) -> None:
    """Leave out all but one of the links between the same two rows: the pair is the key.

    ``first`` are ids, by kind, that go before others.
    """
    for name in list(spool.ids):
        if kinds[name].is_link:
            ids = list(_doubles(spool, kinds[name], (first or {}).get(name, ())))
            _leave_out(spool, name, ids, "linking what another one links already")


def leave_out_unmakeable(spool: Spool, kinds: Mapping[str, Kind]) -> None:
    """Leave out rows that no other organization could be given, and those that need them."""
    for name in list(spool.ids):
        if "create" not in kinds[name].verbs:
            _leave_out(spool, name, list(spool.ids[name]), "which the API cannot create elsewhere")
    lost: dict[str, list[str]] = {}
    while more := {name: ids for name in spool.ids if (ids := list(_lost(spool, kinds[name])))}:
        for name, ids in more.items():
            spool.leave_out(name, ids)
            lost.setdefault(name, []).extend(ids)
    for name, ids in lost.items():
        _leave_out(spool, name, ids, "which need rows that are left out")


def leave_out_of_others(spool: Spool, owner: Owner) -> None:
    """Leave out rows that another stack made."""
    for name in list(spool.ids):
        ids = [i for i in spool.ids[name] if is_computed(i) and not owner.owns(i)]
        _leave_out(spool, name, ids, "made by another stack")


def leave_out_released(
    spool: Spool, owner: Owner, bindings: Mapping[Address, Binding], wanted: Container[Address]
) -> None:
    """Leave out rows that the folder let go, but for those ``wanted`` again: they have a block."""
    gone: dict[str, list[str]] = {}
    for row_id, way in owner.released.items():
        bound = bindings.get(way.last)
        found = bound.id if bound else row_id
        if way.last not in wanted and spool.has(way.last.kind, found):
            gone.setdefault(way.last.kind, []).append(found)
    for name, ids in gone.items():
        _leave_out(spool, name, ids, "which this folder let go")


def is_whole(spool: Spool, kinds: Mapping[str, Kind]) -> bool:
    """Tell whether every row came with all that its kind has."""
    return not spool.odd and not any(_lacking(spool, kinds[name]) for name in spool.ids)


def notes_of(spool: Spool, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Say what was not read or left out, and what this version does not know."""
    for name, reason in sorted(spool.unread.items()):
        yield f"{name} is left out: {reason}"
    for row in spool.odd[:MOST_NAMED]:
        yield f"left out, for nothing is guessed: {row}"
    if len(spool.odd) > MOST_NAMED:
        yield f"{len(spool.odd) - MOST_NAMED:,} more rows are left out like these"
    for name in sorted(spool.ids):
        if lacking := _lacking(spool, kinds[name]):
            yield f"{name}: the API answers without {', '.join(lacking)}, so they are not written"
    yield from spool.notes
    for name in sorted(spool.ids):
        first = next(spool.rows(name), {})
        unknown = sorted(first.keys() - kinds[name].columns.keys())
        if unknown:
            yield f"{name}: columns that this version does not know: {', '.join(unknown)}"


def _lacking(spool: Spool, kind: Kind) -> list[str]:
    first = next(spool.rows(kind.name), None)
    columns = kind.columns.values()
    known = [c.name for c in columns if c.exported and not c.unconfirmed]
    return [] if first is None else [name for name in known if name not in first]


def _leave_out(spool: Spool, kind: str, ids: list[str], why: str) -> None:
    if ids:
        spool.leave_out(kind, ids)
        spool.left_out.setdefault(kind, {})[why] = len(ids)
        spool.notes.append(f"{kind}: {len(ids):,} left out, {why}")


def _doubles(spool: Spool, kind: Kind, first: Container[str]) -> Iterator[str]:
    pairs = [part.column for part in kind.natural_key]
    ahead = [row_id for row_id in spool.ids[kind.name] if row_id in first]
    seen = {
        tuple(row.get(name) for name in pairs): str(row[kind.id_column])
        for row in spool.rows(kind.name, ahead)
    }
    for row in spool.rows(kind.name):
        row_id = str(row[kind.id_column])
        if seen.setdefault(tuple(row.get(name) for name in pairs), row_id) != row_id:
            yield row_id


def _lost(spool: Spool, kind: Kind) -> Iterator[str]:
    needed = [
        (column.name, column.reference.kind)
        for column in kind.references
        if column.reference and column.writable and not column.nullable
    ]
    for row in spool.rows(kind.name) if needed else ():
        if any(not spool.has(target, str(row.get(name))) for name, target in needed):
            yield str(row[kind.id_column])
