"""Typed reads and writes of rows, over :mod:`reconciler.client.http`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from ..catalogue import Kind
from ..diagnostics import (
    ApiError,
    BadAnswerError,
    IncompleteReadError,
    LostAnswerError,
    OddRowError,
    OutOfTimeError,
    TooLargeError,
    UsageError,
)
from ..values.column import JSON
from ..values.jsontext import dumps
from ..values.sent import Row
from .answers import error_of, rows_of, total_of
from .cells import RawRow
from .connection import Connection
from .described import DescribedKind, kinds_described
from .filters import Condition, Locks, equals, greater, lock_query
from .forms import OddRow, sort_out
from .progress import PageProgress, incomplete
from .protocols import PAGE
from .retries import Patience
from .sharing import share_texts

if TYPE_CHECKING:
    from httpx import AsyncBaseTransport, Response

_JSON = {"Content-Type": "application/json"}
_COUNTED = {"Prefer": "count=exact"}
_QUIET = {**_JSON, "Prefer": "return=minimal,count=exact"}
_SHOWN = {**_JSON, "Prefer": "return=representation,count=exact"}
_REPRESENTED = {**_JSON, "Prefer": "return=representation"}


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and how many match in all where the server said so."""

    rows: Sequence[RawRow]
    total: int | None


class ApiReader:
    """Read the rows of one organization; there is no way to write with it."""

    def __init__(
        self,
        connection: Connection,
        *,
        parallelism: int = 8,
        transport: "AsyncBaseTransport | None" = None,
    ) -> None:
        from .http import Http

        if parallelism < 1:  # it would wait for its turn for ever
            raise UsageError(f"parallelism is {parallelism}", hint="give 1 or more")
        self.parallelism = parallelism
        self.listener = connection.listener
        self._http = Http(connection, parallelism=parallelism, transport=transport)

    async def __aenter__(self) -> Self:
        """Open the connections."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._http.__aexit__(kind, error, trace)

    async def read(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> list[Row]:
        """Read every row that matches, by keyset, in the order of the ids.

        ``columns`` of ``("*",)`` reads all. Raises IncompleteReadError where fewer rows arrived
        than the server counted (a short page proves nothing), or rows that were not asked for,
        came twice or out of order. Rows that lack a column, or hold a value of another type, go
        into ``odd``; without it they raise OddRowError.
        """
        for attempt in range(2):
            strange: list[OddRow] | None = None if odd is None else []
            pages = self.pages(kind, columns, conditions, strange)
            rows: list[Row] = []
            try:
                async for page in pages:
                    share_texts(cast("list[dict[str, object]]", page))  # read from JSON just now
                    rows += page
            except IncompleteReadError:  # rows that others delete meanwhile look like that, once
                if attempt:
                    raise
            else:
                if odd is not None:
                    odd += strange or ()
                return rows
        raise AssertionError("the second try returns or raises")

    async def pages(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> AsyncIterator[list[Row]]:
        """Read like :meth:`read`, page by page, so that memory stays bounded."""
        progress = PageProgress(kind, conditions)
        wanted: int | None = None
        after: list[Condition] = []
        arrived, size = 0, PAGE
        while True:
            page, size = await self._page(kind, columns, [*conditions, *after], size)
            progress.check(page.rows)
            wanted = page.total if not arrived else wanted
            arrived += len(page.rows)
            rows = _as_they_should_be(kind, columns, page.rows, odd)
            if rows:
                self.listener.arrived(kind.name, len(rows))
                yield rows
            if not page.rows or page.total == len(page.rows):
                break
            after = [greater(kind.id_column, str(page.rows[-1][kind.id_column]))]
        if wanted is not None and arrived < wanted:
            raise incomplete(kind, f"the server counts {wanted} rows but sent {arrived}")

    async def peek(self, kind: Kind, columns: Sequence[str] = ()) -> Sequence[RawRow]:
        """Read at most one row, to see whether the key may and the columns are there."""
        return await self.sample(kind, 1, columns or (kind.id_column,))

    async def sample(
        self, kind: Kind, rows: int, columns: Sequence[str] = ("*",)
    ) -> Sequence[RawRow]:
        """Read the first rows of a kind as they come; nobody looks at their form."""
        path = f"/{kind.name}"
        query = f"select={','.join(columns)}&order={kind.id_column}&limit={rows}"
        answer = await self._http.read(f"{path}?{query}", {})
        if answer.status_code not in {200, 206}:
            raise error_of(kind, "GET", path, answer.status_code, answer.content)
        return rows_of("GET", path, answer.status_code, answer.content)

    async def describe(self) -> Mapping[str, DescribedKind] | None:
        """Read what each kind is like from the server's OpenAPI document; None without one."""
        try:
            answer = await self._http.read("/", {})
        except BadAnswerError:  # a redirect, or a page beyond all bounds
            return None
        return kinds_described(answer.content) if answer.status_code == 200 else None

    async def count(self, kind: Kind) -> int | None:
        """Ask how many rows there are; None where the server does not say."""
        path = f"/{kind.name}"
        answer = await self._http.read(f"{path}?select={kind.id_column}&limit=1", _COUNTED)
        if answer.status_code not in {200, 206}:
            raise error_of(kind, "GET", path, answer.status_code, answer.content)
        return total_of(answer.headers.get("content-range"))

    async def _page(
        self, kind: Kind, columns: Sequence[str], conditions: Sequence[Condition], size: int
    ) -> tuple[Page, int]:
        """Read a page; one that is too much for the time or the bound is asked for in quarters.

        Gives the page, and the size that was well.
        """
        patience = self._http.patience()
        while True:
            try:
                return await self._sized(kind, columns, conditions, size, patience), size
            except (OutOfTimeError, TooLargeError):
                if size == 1 or not patience.more():
                    raise
                size = max(1, size // 4)

    async def _sized(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        size: int,
        patience: Patience,
    ) -> Page:
        parameters = (
            f"select={','.join(columns)}",
            *(condition.parameter() for condition in conditions),
            f"order={kind.id_column}",
            f"limit={size}",
        )
        path = f"/{kind.name}"
        answer = await self._http.read(f"{path}?{'&'.join(parameters)}", _COUNTED, patience)
        if answer.status_code == 416:
            return Page([], 0)
        if answer.status_code not in {200, 206}:
            raise error_of(kind, "GET", path, answer.status_code, answer.content)
        rows = rows_of("GET", path, answer.status_code, answer.content)
        ids = (row.get(kind.id_column) for row in rows)
        if not all(isinstance(row_id, str | int) and row_id for row_id in ids):
            raise _bad_answer(kind, f"has a row without {kind.id_column}")
        return Page(rows, total_of(answer.headers.get("content-range")))


class ApiClient(ApiReader):
    """Read and write the rows of one organization."""

    def drain(self) -> None:
        """Send no write any more that would have to wait; those on their way are finished."""
        self._http.drain()

    async def create(self, kind: Kind, rows: Sequence[Mapping[str, JSON]]) -> list[Row] | None:
        """Create rows in one transaction; all have the same columns.

        Answers ids, lock columns and what was sent, but secrets, as stored and in the order sent,
        or None where the server did not say.
        """
        target = f"/{kind.name}?select={','.join(_columns_answered(kind, rows))}"
        answer = await self._write(kind, "POST", target, _REPRESENTED, [*map(dict, rows)])
        stored = _stored(kind, answer)
        return stored if len(stored) == len(rows) else None

    async def create_one(self, kind: Kind, row: Mapping[str, JSON]) -> Row | None:
        """Create one row of a kind whose create is an action of its own; answers the whole row."""
        answer = await self._write(kind, "POST", f"/{kind.name}", _REPRESENTED, dict(row))
        stored = _stored(kind, answer)
        return stored[0] if stored else None

    async def update(
        self, kind: Kind, locks: Locks, values: Mapping[str, JSON], columns: Sequence[str] = ()
    ) -> tuple[int | None, list[Row]]:
        """Change the locked rows; answers how many were, or None where the server did not say.

        ``columns`` are what to answer of each row as it is stored (its id among them), if anything.
        """
        target = f"/{kind.name}?{lock_query(locks)}"
        target += f"&select={','.join(columns)}" if columns else ""
        headers = _SHOWN if columns else _QUIET
        answer = await self._write(kind, "PATCH", target, headers, dict(values))
        total = total_of(answer.headers.get("content-range"))
        return total, _shown(kind, answer) if columns else []

    async def delete(self, kind: Kind, locks: Locks) -> int | None:
        """Delete the locked rows; answers how many were, or None where the server did not say."""
        target = f"/{kind.name}?{lock_query(locks)}"
        answer = await self._write(kind, "DELETE", target, _QUIET, None)
        return total_of(answer.headers.get("content-range"))

    async def delete_one(self, kind: Kind, row_id: str) -> None:
        """Delete one row of a kind whose delete is an action that takes only an id."""
        target = f"/{kind.name}?{equals(kind.id_column, row_id).parameter()}"
        await self._write(kind, "DELETE", target, _QUIET, None)

    async def _write(
        self, kind: Kind, method: str, target: str, headers: Mapping[str, str], body: JSON
    ) -> "Response":
        content = None if body is None else dumps(body)
        answer = await self._http.write(method, target, headers, content)
        if answer.status_code not in {200, 201, 204}:
            error = error_of(kind, method, f"/{kind.name}", answer.status_code, answer.content)
            # without a code of PostgreSQL's it may have failed after the work was done
            raise _lost(error) if answer.status_code >= 500 and not error.code else error
        return answer


def _stored(kind: Kind, answer: "Response") -> list[Row]:
    """Read the rows that a create answered; none where it did not say which."""
    if not answer.content:
        return []
    try:
        rows = rows_of("POST", f"/{kind.name}", answer.status_code, answer.content)
    except BadAnswerError as error:  # it was done, only nobody can read what was said
        raise _lost(error) from error
    if not all(row.get(kind.id_column) for row in rows):
        return []
    stored, odd = sort_out(kind, [kind.id_column], rows)
    return [] if odd else stored


def _as_they_should_be(
    kind: Kind, columns: Sequence[str], rows: Sequence[RawRow], odd: list[OddRow] | None
) -> list[Row]:
    good, strange = sort_out(kind, columns, rows)
    if strange and odd is None:
        more = f" (and {len(strange) - 1:,} more)" if len(strange) > 1 else ""
        raise OddRowError(
            f"{strange[0]}{more}",
            method="GET",
            path=f"/{kind.name}",
            hint="nothing is guessed: fix the row, or look what stands between here and the API",
        )
    if odd is not None:
        odd += strange
    return good


def _bad_answer(kind: Kind, what: str) -> BadAnswerError:
    return BadAnswerError(
        f"the answer to GET /{kind.name} {what}",
        method="GET",
        path=f"/{kind.name}",
        status=200,
        hint="check the API address (BOOKINGMOOD_API_URL)",
    )


def _lost(error: ApiError) -> LostAnswerError:
    return LostAnswerError(
        error.message, method=error.method, path=error.path, status=error.status, hint=error.hint
    )


def _shown(kind: Kind, answer: "Response") -> list[Row]:
    """Read the rows that an update answered; none that cannot be read: it is done all the same."""
    try:
        rows = (
            rows_of("PATCH", f"/{kind.name}", answer.status_code, answer.content)
            if answer.content
            else []
        )
    except BadAnswerError:
        return []
    if not all(row.get(kind.id_column) for row in rows):
        return []
    shown, odd = sort_out(kind, [kind.id_column], rows)
    return [] if odd else shown


def _columns_answered(kind: Kind, rows: Sequence[Mapping[str, JSON]]) -> tuple[str, ...]:
    locked = (column.name for column in kind.lock_columns)
    given = (n for n in (rows[0] if rows else ()) if n in kind.columns)
    sent = (name for name in given if not kind.columns[name].sensitive)
    return tuple(dict.fromkeys((kind.id_column, *kind.primary_key, *locked, *sent)))
