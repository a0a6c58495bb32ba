"""What a client tells of its work, to whoever listens: requests and stages, never a value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol


@dataclass(slots=True)
class Exchange:
    """One request with all its tries; of its query only the names are kept.

    ``status`` is that of the last answer, if any came. ``error`` is the class of what was raised.
    """

    method: str
    path: str
    names: tuple[str, ...]
    status: int | None = None
    tries: int = 0
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


class RequestListener(Protocol):
    """Hears what a client does."""

    def exchanged(self, exchange: Exchange) -> None:
        """Hear of a request that is over, well or not."""

    def reached(self, stage: str, **counts: int) -> None:
        """Hear that a part of the work is done, and how much there was."""

    def arrived(self, kind: str, rows: int) -> None:
        """Hear that so many more rows of a kind have been read."""


class Nobody:
    """Listens to nothing."""

    def exchanged(self, exchange: Exchange) -> None:
        """Do nothing."""

    def reached(self, stage: str, **counts: int) -> None:
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

    def reached(self, stage: str, **counts: int) -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.reached(stage, **counts)

    def arrived(self, kind: str, rows: int) -> None:
        """Pass it on."""
        for listener in self._listeners:
            listener.arrived(kind, rows)


NOBODY = Nobody()


@contextmanager
def told_to(listener: RequestListener, exchange: Exchange) -> Iterator[Exchange]:
    """Measure a request and tell of it, whatever becomes of it."""
    began = monotonic()
    try:
        yield exchange
    except BaseException as error:
        exchange.error = type(error).__name__
        raise
    finally:
        exchange.seconds = monotonic() - began
        listener.exchanged(exchange)
