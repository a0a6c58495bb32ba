"""A second API: the rows of an organization in memory, read and written without any HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import count
from uuid import UUID

from reconciler.catalogue import Kind
from reconciler.client.cells import RawRow
from reconciler.client.described import DescribedKind
from reconciler.client.filters import Condition, Locks, RowLock, filter_text
from reconciler.client.forms import OddRow
from reconciler.client.listening import NOBODY, RequestListener
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.builders import KINDS, ORGANIZATION
from tests.readable import whole

_FITS: Mapping[str, Callable[[str, str], bool]] = {
    "neq": lambda held, value: held != value,
    "gt": lambda held, value: held > value,
    "gte": lambda held, value: held >= value,
    "lte": lambda held, value: held <= value,
}


class Memory:
    """Reads and writes rows that are nowhere else."""

    parallelism = 4
    listener: RequestListener = NOBODY

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, JSON]]] = {}
        self.writes: list[str] = []
        self._moments = count(1)
        self.put("organizations", {"id": ORGANIZATION})

    def put(self, name: str, *rows: Row) -> None:
        """Have rows without anybody having written them; what is not given is empty."""
        kind = KINDS[name]
        for row in rows:
            full = self._touched(kind, whole(kind, row))
            self.rows.setdefault(name, {})[str(full[kind.id_column])] = full

    # --- reading

    async def read(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> list[Row]:
        found = [row for row in self._all(kind) if all(_meets(kind, row, c) for c in conditions)]
        return [row if "*" in columns else {n: row[n] for n in columns} for row in found]

    async def pages(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> AsyncIterator[list[Row]]:
        yield await self.read(kind, columns, conditions, odd)

    async def peek(self, kind: Kind, columns: Sequence[str] = ()) -> Sequence[RawRow]:
        return await self.sample(kind, 1, columns or (kind.id_column,))

    async def sample(
        self, kind: Kind, rows: int, columns: Sequence[str] = ("*",)
    ) -> Sequence[RawRow]:
        return (await self.read(kind, columns, []))[:rows]

    async def describe(self) -> Mapping[str, DescribedKind] | None:
        return None

    async def count(self, kind: Kind) -> int | None:
        return len(self._all(kind))

    # --- writing

    def drain(self) -> None:
        """Nothing ever waits here."""

    async def create(self, kind: Kind, rows: Sequence[Mapping[str, JSON]]) -> list[Row]:
        self.writes.append(f"create {kind.name}")
        ids = [str(row.get(kind.id_column) or UUID(int=next(self._moments))) for row in rows]
        self.put(kind.name, *({**r, kind.id_column: i} for r, i in zip(rows, ids, strict=True)))
        return [self.rows[kind.name][i] for i in ids]

    async def create_one(self, kind: Kind, row: Mapping[str, JSON]) -> Row | None:
        [stored] = await self.create(kind, [row])
        return stored

    async def update(
        self, kind: Kind, locks: Locks, values: Mapping[str, JSON], columns: Sequence[str] = ()
    ) -> tuple[int | None, list[Row]]:
        self.writes.append(f"update {kind.name}")
        found = self._locked(kind, locks)
        for row in found:
            row.update(values)
            self._touched(kind, row)
        return len(found), [{n: row[n] for n in columns} for row in found] if columns else []

    async def delete(self, kind: Kind, locks: Locks) -> int | None:
        self.writes.append(f"delete {kind.name}")
        found = self._locked(kind, locks)
        for row in found:
            del self.rows[kind.name][str(row[kind.id_column])]
        return len(found)

    async def delete_one(self, kind: Kind, row_id: str) -> None:
        self.writes.append(f"delete {kind.name}")
        self.rows[kind.name].pop(row_id, None)

    def _all(self, kind: Kind) -> list[dict[str, JSON]]:
        return [row for _, row in sorted(self.rows.get(kind.name, {}).items())]

    def _locked(self, kind: Kind, locks: Locks) -> list[dict[str, JSON]]:
        return [row for row in self._all(kind) if any(_holds(kind, row, lock) for lock in locks)]

    def _touched(self, kind: Kind, row: dict[str, JSON]) -> dict[str, JSON]:
        if kind.version:
            row[kind.version] = f"2026-01-01T00:00:00.{next(self._moments):06}+00:00"
        return row


def _text(kind: Kind, row: Row, name: str) -> str | None:
    name, _, inside = name.partition("->>")
    value = row[name]
    if inside:
        inner = value.get(inside) if isinstance(value, dict) else None
        return None if inner is None else str(inner)
    return filter_text(value, kind.columns[name])


def _meets(kind: Kind, row: Row, condition: Condition) -> bool:
    held = _text(kind, row, condition.column)
    if held is None:
        return False
    if condition.wanted is not None:
        return held in condition.wanted
    return _FITS[condition.operator](held, condition.value)


def _holds(kind: Kind, row: Row, lock: RowLock) -> bool:
    return all(_text(kind, row, name) == value for name, value in (*lock.row, *lock.expected))
