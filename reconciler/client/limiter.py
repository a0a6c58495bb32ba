"""How many requests are in flight: as many as the server takes well, found while running.

Each good answer lets the limit grow a little, each refusal for load halves it (additive increase,
multiplicative decrease). One limiter is shared by everything a run sends, and so is the pause
that a server asks for with ``Retry-After``.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

START = 4


class Limiter:
    """Admits requests up to a limit that moves between 1 and ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(min(START, most))
        self._in_flight = 0
        self._changed = asyncio.Condition()
        self._not_before = 0.0
        self._shrunk = 0.0
        self._told_until = 0.0

    @property
    def limit(self) -> int:
        """The number of requests that may be in flight now."""
        return int(self._limit)

    @property
    def pause(self) -> float:
        """The seconds that are left of a pause that the server asked for; not above 0: none."""
        return self._not_before - time.monotonic()

    def first_to_tell(self) -> bool:
        """Tell, once for each pause, that nobody has been told of it."""
        told, self._told_until = self._told_until, self._not_before
        return told < self._not_before

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a place."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._in_flight < self.limit)
            self._in_flight += 1
        try:
            yield
        finally:
            async with self._changed:
                self._in_flight -= 1
                # more than one, where the limit has grown
                self._changed.notify(max(0, self.limit - self._in_flight))

    def grow(self) -> None:
        """Learn that an answer was good."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def shrink(self, sent: float, pause: float | None) -> None:
        """Learn that the server refused for load a request sent at ``sent`` (monotonic seconds).

        Refusals of requests that were in flight together count once. ``pause`` is what the
        server asked for, in seconds.
        """
        now = time.monotonic()
        if sent >= self._shrunk:
            self._limit = max(1.0, self._limit / 2)
            self._shrunk = now
        if pause is not None:
            self._not_before = max(self._not_before, now + pause)
