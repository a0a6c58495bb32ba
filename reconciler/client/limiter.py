"""How many requests are in flight: as many as the server takes well, found while running.

Each good answer lets the limit grow a little, each refusal for load halves it (additive increase,
multiplicative decrease). One limiter is shared by everything a run sends, and so is the pause
that a server asks for with ``Retry-After``.
"""

import asyncio
import time
from collections import deque
from contextlib import AbstractAsyncContextManager
from types import TracebackType

START = 4


class Limiter(AbstractAsyncContextManager[None]):
    """Admits requests up to a limit that moves between 1 and ``most``, in the order they came."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(min(START, most))
        self._in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._not_before = 0.0
        self._shrunk = 0.0
        self._told_until = 0.0

    @property
    def limit(self) -> int:
        """The number of requests that may be in flight now."""
        return int(self._limit)

    @property
    def is_full(self) -> bool:
        """Tell whether whoever comes now has to wait for a place."""
        return bool(self._waiting) or self._in_flight >= self.limit

    @property
    def pause(self) -> float:
        """The seconds that are left of a pause that the server asked for; not above 0: none."""
        return self._not_before - time.monotonic()

    def first_to_tell(self) -> bool:
        """Tell, once for each pause, that nobody has been told of it."""
        told, self._told_until = self._told_until, self._not_before
        return told < self._not_before

    def slot(self) -> AbstractAsyncContextManager[None]:
        """Give what holds a place: waits for one, and lets go of it."""
        return self

    async def __aenter__(self) -> None:
        """Wait for a place."""
        if not self.is_full:
            self._in_flight += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given just now
                self._let_go()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the place."""
        self._let_go()

    def _let_go(self) -> None:
        """Hand the place on; more than one, where the limit has grown."""
        self._in_flight -= 1
        while self._waiting and self._in_flight < self.limit:
            place = self._waiting.popleft()
            if not place.done():
                self._in_flight += 1
                place.set_result(None)

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
