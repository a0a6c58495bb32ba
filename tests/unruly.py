"""A server in memory that does as a script says: it refuses, loses answers, keeps silent, counts.

Without a script it is a good one: it takes no id and no unique value twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.catalogue import Kind
from reconciler.client.filters import Condition, Locks, lock_query
from reconciler.client.forms import OddRow
from reconciler.diagnostics import ApiError, LostAnswerError, UnreachableError
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.memory import Memory

BAD = "bad"
"""A row with this text in a column is refused."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one request.

    ``first`` is what somebody else does just before. ``done`` tells whether the rows are written,
    whatever is answered then. ``count`` is what is answered instead of the number of rows, and
    ``shows`` tells whether rows are answered at all.
    """

    error: BaseException | None = None
    done: bool = True
    first: Callable[["Unruly"], None] = lambda _: None
    count: Callable[[int], int | None] = lambda true: true
    shows: bool = True


GOOD = Step()
SILENT = Step(count=lambda _: None, shows=False)


def refusal(
    code: str | None, status: int = 400, message: str = "no", details: str | None = None
) -> ApiError:
    """Build what a server says that does not do it."""
    return ApiError(
        message, method="PATCH", path="/x", status=status, code=code, details=details, hint="theirs"
    )


def refuses(code: str | None, status: int = 400, message: str = "no") -> Step:
    """Do nothing, and say why."""
    return Step(refusal(code, status, message), done=False)


def loses(*, done: bool) -> Step:
    """Give no answer, after it was done or before."""
    lost = LostAnswerError("no answer", method="PATCH", path="/x", hint="look")
    return Step(lost, done=done)


UNREACHABLE = Step(
    UnreachableError("no connection", method="GET", path="/x", hint="plug it in"), done=False
)


@dataclass(slots=True)
class _Script:
    steps: dict[str, Iterator[Step]]
    left: dict[str, int] = field(default_factory=dict)

    def next(self, request: str) -> Step:
        """Take the next step for a request; a good one where nothing is written down."""
        return next(self.steps.get(request, iter(())), GOOD)


class Unruly(Memory):
    """Rows in memory, and what was asked of them.

    ``script`` holds the steps by request: ``create contacts``, ``read contacts``, ``look contacts``
    where whole rows are read. ``writes`` lists the requests, ``sent`` what they said: the bodies of
    a create, the values of an update with the ids, the ids of a delete. A URL over ``longest``, a
    create over ``most_rows`` is too large. ``stores`` makes of a row that is sent the one that is
    kept.
    """

    parallelism = 1

    def __init__(self, script: Mapping[str, Sequence[Step]] | None = None) -> None:
        super().__init__()
        self.longest, self.most_rows = 10**9, 10**9
        self.stores: Callable[[Mapping[str, JSON]], Mapping[str, JSON]] = lambda row: row
        self.sent: list[tuple[str, JSON]] = []
        self.reads: list[tuple[str, tuple[str, ...]]] = []
        self.locked: list[str] = []
        self.reached: list[Mapping[str, object]] = []
        self._script = _Script({request: iter(steps) for request, steps in (script or {}).items()})

    async def read(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> list[Row]:
        self.reads.append((kind.name, tuple(columns)))
        step = self._begun(f"{'look' if '*' in columns else 'read'} {kind.name}")
        if step.error:
            raise step.error
        return [dict(row) for row in await super().read(kind, columns, conditions, odd)]

    async def create(self, kind: Kind, rows: Sequence[Mapping[str, JSON]]) -> list[Row]:
        self.sent.append((f"create {kind.name}", [dict(row) for row in rows]))
        step = self._begun(f"create {kind.name}")
        if len(rows) > self.most_rows:
            raise refusal(None, 413, "too many")
        if step.error and not step.done:
            raise step.error
        for row in rows:
            self._check(kind, row)
        kept = [self.stores(row) for row in rows]
        stored = await super().create(kind, kept) if step.done else []
        if step.error:
            raise step.error
        return [dict(row) for row in stored] if step.shows else []

    async def create_one(self, kind: Kind, row: Mapping[str, JSON]) -> Row | None:
        return next(iter(await self.create(kind, [row])), None)

    async def update(
        self, kind: Kind, locks: Locks, values: Mapping[str, JSON], columns: Sequence[str] = ()
    ) -> tuple[int | None, list[Row]]:
        ids = self._named(kind, locks)
        self.sent.append((f"update {kind.name}", [*ids, dict(values)]))
        step = self._write(f"update {kind.name}", kind, locks)
        if step.error and not step.done:
            raise step.error
        for row_id in ids:
            self._check(kind, {kind.id_column: row_id, **values}, there=True)
        count, rows = (
            await super().update(kind, locks, self.stores(values), columns)
            if step.done
            else (0, list[Row]())
        )
        if step.error:
            raise step.error
        return step.count(count or 0), rows if step.shows else []

    async def delete(self, kind: Kind, locks: Locks) -> int | None:
        self.sent.append((f"delete {kind.name}", [*self._named(kind, locks)]))
        step = self._write(f"delete {kind.name}", kind, locks)
        count = await super().delete(kind, locks) if step.done else 0
        if step.error:
            raise step.error
        return step.count(count or 0)

    async def delete_one(self, kind: Kind, row_id: str) -> None:
        self.sent.append((f"delete {kind.name}", [row_id]))
        step = self._begun(f"delete {kind.name}")
        if step.done:
            await super().delete_one(kind, row_id)
        if step.error:
            raise step.error

    def _begun(self, request: str) -> Step:
        step = self._script.next(request)
        step.first(self)
        return step

    def _write(self, request: str, kind: Kind, locks: Locks) -> Step:
        query = lock_query(locks)
        self.locked.append(query)
        if len(f"/{kind.name}?{query}") > self.longest:
            raise refusal(None, 414, "too long")
        return self._begun(request)

    def _named(self, kind: Kind, locks: Locks) -> list[str]:
        return [dict(lock.row)[kind.id_column] for lock in locks]

    def _check(self, kind: Kind, row: Mapping[str, JSON], *, there: bool = False) -> None:
        if BAD in row.values():
            raise refusal("22000", 400, "a bad text")
        row_id = row.get(kind.id_column)
        others = self.rows.get(kind.name, {})
        if row_id in others and not there:
            details = f"Key ({kind.id_column})=({row_id}) already exists."
            raise refusal("23505", 409, "taken", details)
        for column in (c.name for c in kind.columns.values() if c.interim and c.name in row):
            for other_id, other in others.items():
                if other_id != row_id and other[column] == row[column]:
                    details = f"Key (organization_id, {column})=(x, y) already exists."
                    raise refusal("23505", 409, "taken", details)
