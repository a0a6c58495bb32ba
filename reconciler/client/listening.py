"""What a client tells of its work, to whoever listens: requests and rows, never a value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from ..spans import Fact, Span, span


@dataclass(slots=True)
class Exchange:
    """One request with all its tries; of its query only the names are kept.

    ``status`` is that of the last answer, if any came. ``error`` is the class of what was raised.
    ``sent`` and ``received`` are bytes of bodies, unpacked, of all tries.
    """

    method: str
    path: str
    names: tuple[str, ...]
    status: int | None = None
    tries: int = 0
    sent: int = 0
    received: int = 0
    seconds: float = 0.0
    error: str | None = None

    @classmethod
    def of(cls, method: str, target: str) -> "Exchange":
        """Take the values out of a target; they may be personal."""
        path, _, query = target.partition("?")
        parameters = query.split("&") if query else ()
        return cls(method, path, tuple(one.partition("=")[0] for one in parameters))

    @property
    def retries(self) -> int:
        """How often it was sent again."""
        return max(0, self.tries - 1)

    def facts(self) -> dict[str, Fact]:
        """Say what it was, and how it ended."""
        return {
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "retries": self.retries,
            "sent": self.sent,
            "received": self.received,
        }


class RequestListener(Protocol):
    """Hears what a client does."""

    def exchanged(self, exchange: Exchange) -> None:
        """Hear of a request that is over, well or not."""

    def arrived(self, kind: str, rows: int) -> None:
        """Hear that so many more rows of a kind have been read."""


class Nobody:
    """Listens to nothing."""

    def exchanged(self, exchange: Exchange) -> None:
        """Do nothing."""

    def arrived(self, kind: str, rows: int) -> None:
        """Do nothing."""


class Several:
    """Passes all that it hears on to each of several listeners."""

    def __init__(self, *listeners: RequestListener) -> None:
        self._listeners = listeners

    def exchanged(self, exchange: Exchange) -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.exchanged(exchange)

    def arrived(self, kind: str, rows: int) -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.arrived(kind, rows)


NOBODY = Nobody()


@contextmanager
def told(listener: RequestListener, exchange: Exchange) -> Iterator[Exchange]:
    """Measure a request and tell of it, whatever becomes of it."""
    part = Span(f"{exchange.method} {exchange.path}", is_request=True)
    try:
        with span(part):
            try:
                yield exchange
            finally:
                part.facts = exchange.facts()
    finally:
        exchange.error, exchange.seconds = part.error, part.seconds
        listener.exchanged(exchange)
