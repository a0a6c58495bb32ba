"""Connections that many clients of one process share, with a bound for all of them together.

A client of its own for each organization would look up certificates, open a pool and close it,
each time. The key is in the requests, so it is of no matter to what carries them.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx

from .connection import Connection
from .transport import Transport


class SharedConnections:
    """Carries the requests of many clients to one API, at most so many of them at a time."""

    def __init__(self, connection: Connection, *, most: int) -> None:
        self._transport = Transport(connection)
        self._places = asyncio.Semaphore(most)

    async def __aenter__(self) -> Self:
        """Open the connection pool."""
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection pool."""
        await self._transport.aclose()

    def lane(self, before_write: Callable[[], None] = lambda: None) -> httpx.AsyncBaseTransport:
        """Give what carries the requests of one client; it opens and closes nothing.

        ``before_write`` is called right before each write is sent; what it raises keeps it back.
        """
        return _Lane(self._transport, self._places, before_write)


class _Lane(httpx.AsyncBaseTransport):
    def __init__(
        self, transport: Transport, places: asyncio.Semaphore, before_write: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._places = places
        self._before_write = before_write

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._places:
            if request.method != "GET":
                self._before_write()
            return await self._transport.handle_async_request(request)
