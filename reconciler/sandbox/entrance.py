"""Who may come in: what a request's key opens, with the tables there that it needs.

Two thousand organizations neither fit into one transaction nor should they delay the start of a
sandbox of which two are used: all but the first are made when they are first asked for.
"""

import asyncio
from collections.abc import Iterable

import psycopg

from .database import Pool, make_missing, opened, refused
from .exchange import Incoming
from .making import Home
from .organizations import Access, Directory
from .refusal import Refusal
from .tokens import token_problem


class Entrance:
    """Lets requests in, and makes tables once, whoever waits for them."""

    def __init__(self, pool: Pool, directory: Directory) -> None:
        self._pool = pool
        self._by_key = directory.by_key
        self._unmade = set(directory.unmade)
        self._made: set[tuple[str, str]] = set()
        self._making = asyncio.Lock()

    async def admit(self, incoming: Incoming) -> Access:
        """Tell what the key of a request opens; raises Refusal."""
        access = self._authenticate(incoming)
        organization = access.home.organization
        if organization in self._unmade:
            async with self._making:
                if organization in self._unmade:
                    await self._make(access.home, ())
                    self._unmade.discard(organization)
        return access

    async def furnish(self, access: Access, kind: str) -> None:
        """Have the table of a kind, into which rows are to be put."""
        made = (access.home.organization, kind)
        if made not in self._made:
            async with self._making:
                if made not in self._made:
                    await self._make(access.home, (kind,))
                    self._made.add(made)

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

    async def _make(self, home: Home, kinds: Iterable[str]) -> None:
        try:
            async with opened(self._pool, home) as connection, connection.transaction():
                await make_missing(connection, home, kinds)
        except psycopg.Error as error:
            raise refused(error) from None
