"""Who may come in: what a request's key opens, with the organization's tables there.

An organization takes about a fifth of a second and 200 locks to make, so 200 of them neither fit
into one transaction nor should they delay the start of a sandbox of which two are used: all but the
first are made when they are first asked for.
"""

import asyncio

import psycopg

from .database import Connection, Pool, refused
from .exchange import Incoming
from .organizations import Access, Directory, missing_tables
from .refusal import Refusal
from .tokens import token_problem


class Entrance:
    """Lets requests in, and makes the tables of an organization once, whoever waits for them."""

    def __init__(self, pool: Pool, directory: Directory) -> None:
        self._pool = pool
        self._by_key = directory.by_key
        self._switched = directory.switched
        self._unmade = {organization: asyncio.Lock() for organization in directory.unmade}

    async def admit(self, incoming: Incoming) -> Access:
        """Tell what the key of a request opens; raises Refusal."""
        access = self._authenticate(incoming)
        lock = self._unmade.get(access.organization)
        if lock is not None:
            async with lock:
                if access.organization in self._unmade:
                    await self._make(access)
                    del self._unmade[access.organization]
        return access

    def _authenticate(self, incoming: Incoming) -> Access:
        scheme, _, key = incoming.header("authorization").partition(" ")
        if scheme.lower() != "bearer" or not key:
            headers = {"WWW-Authenticate": "Bearer"}
            raise Refusal(401, "PGRST302", "Anonymous access is disabled", headers=headers)
        access = self._by_key.get(key.strip())
        if access is None:
            message = token_problem(key.strip())
            said = message.replace("\\", "\\\\").replace('"', '\\"')
            shown = f'Bearer error="invalid_token", error_description="{said}"'
            raise Refusal(401, "PGRST301", message, headers={"WWW-Authenticate": shown})
        return access

    async def _make(self, access: Access) -> None:
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await _make_missing(connection, access, self._switched)
        except psycopg.Error as error:
            raise refused(error) from None


async def _make_missing(connection: Connection, access: Access, switched: tuple[str, ...]) -> None:
    # another sandbox on the same database may be about to make them, too
    await connection.execute(b"select pg_advisory_xact_lock(hashtext($1))", [access.schema])
    found = await connection.execute(b"select to_regnamespace($1) is null", [access.schema])
    row = await found.fetchone()
    if row is not None and row[0]:
        await connection.execute(missing_tables(access.schema, access.organization, switched))
