"""The connections, and how one statement is run: its row back, or a Refusal."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias, cast

import psycopg
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg_pool import AsyncConnectionPool

from .making import ONE_AT_A_TIME, TABLES_OF, Home, missing_tables
from .media import content_type
from .refusal import Refusal, database_status
from .schema import load_tables
from .sql import Statement

LIFETIME = 60.0
"""Seconds: PostgreSQL remembers each table that a connection has met, and there may be 100,000."""


class Connection(AsyncConnection[tuple[object, ...]]):
    """A connection, and for which organization it was used last."""

    path: str = ""


Pool: TypeAlias = AsyncConnectionPool[Connection]


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement gives: the count of all rows if asked for, of its own, and the body."""

    total: int | None
    rows: int
    location: str | None
    body: bytes


class _Bytes(Loader):
    """Hands PostgreSQL's text through as bytes: JSON is never decoded on its way."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def make_pool(url: str) -> Pool:
    """Make a pool that is not open yet."""
    return AsyncConnectionPool(
        url,
        connection_class=Connection,
        min_size=2,
        max_size=12,
        max_lifetime=LIFETIME,
        open=False,
        configure=_configure,
        kwargs={"autocommit": True, "cursor_factory": AsyncRawCursor},
    )


Check = Callable[[Result], None]
"""Looks at a result, and raises a Refusal if it must not be."""


@asynccontextmanager
async def opened(pool: Pool, home: Home) -> AsyncIterator[Connection]:
    """Take a connection for which the names of tables are those of one organization."""
    async with pool.connection() as connection:
        if connection.path != home.path:
            await connection.execute(b"select set_config('search_path', $1, false)", [home.path])
            connection.path = home.path
        yield connection


async def make_missing(connection: Connection, home: Home, kinds: Iterable[str]) -> None:
    """Make the tables that rows of some kinds need, within a transaction."""
    await connection.execute(ONE_AT_A_TIME.encode())
    query = TABLES_OF.format("$1", "$2").encode()
    found = await connection.execute(query, [home.schema, list(load_tables())])
    there = {cast("bytes", name).decode() for (name,) in await found.fetchall()}
    statements = missing_tables(home, kinds, there)
    if statements:
        await connection.execute(statements)
        await connection.execute(b"select set_config('search_path', $1, true)", [home.path])


async def run(
    pool: Pool,
    home: Home,
    statement: Statement,
    check: Check | None = None,
    *,
    keep: bool = True,
) -> Result:
    """Run one statement in one transaction, on the rows of an organization.

    It is undone if ``check`` refuses its result, and with ``keep`` False always.
    """
    try:
        async with opened(pool, home) as connection:
            if keep and check is None:
                return await run_on(connection, statement)
            async with connection.transaction(force_rollback=not keep):
                result = await run_on(connection, statement)
                if check is not None:
                    check(result)
                return result
    except psycopg.Error as error:
        raise refused(error) from None


async def expected_rows(pool: Pool, home: Home, statement: Statement) -> int:
    """Ask how many rows PostgreSQL expects of what is explained."""
    try:
        async with opened(pool, home) as connection:
            cursor = await connection.execute(statement.text.encode(), statement.values)
            row = await cursor.fetchone()
    except psycopg.Error as error:
        raise refused(error) from None
    explained = cast("tuple[list[dict[str, dict[str, int]]]]", row)
    return explained[0][0]["Plan"]["Plan Rows"]


async def run_on(connection: Connection, statement: Statement) -> Result:
    """Run one statement on a connection."""
    cursor = await connection.execute(statement.text.encode(), statement.values)
    row = await cursor.fetchone()
    assert row is not None, "every statement gives one row"
    total, rows, location, body = row
    assert isinstance(rows, int)
    assert isinstance(body, bytes)
    return Result(
        total if isinstance(total, int) else None,
        rows,
        location.decode() if isinstance(location, bytes) else None,
        body,
    )


def refused(error: psycopg.Error) -> Refusal:
    """Pass PostgreSQL's own words on."""
    diagnostic = error.diag
    code = diagnostic.sqlstate
    if code is None:
        # The connection failed, or psycopg refused a value, such as one with a NUL in it.
        bad_value = isinstance(error, psycopg.DataError)
        message = 'invalid byte sequence for encoding "UTF8": 0x00' if bad_value else str(error)
        return Refusal(400 if bad_value else 503, "22021" if bad_value else "PGRST001", message)
    return Refusal(
        database_status(code, known=True, message=diagnostic.message_primary or ""),
        code,
        diagnostic.message_primary or "",
        details=diagnostic.message_detail,
        hint=diagnostic.message_hint,
    )


def not_one(rows: int) -> Refusal:
    """Refuse to answer other than one row as an object."""
    return Refusal(
        406,
        "PGRST116",
        "JSON object requested, multiple (or no) rows returned",
        details=f"Results contain {rows} rows, application/vnd.pgrst.object+json requires 1 row",
        headers={"Content-Type": content_type("object")},
    )


async def _configure(connection: Connection) -> None:
    connection.adapters.register_loader("text", _Bytes)
    await connection.execute(b"set timezone to 'UTC'")
