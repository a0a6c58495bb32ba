"""What a client tells of its work, to whoever listens: requests and stages, never a value."""

from dataclasses import dataclass
from time import monotonic
from types import TracebackType
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


class Told:
    """Measures a request and tells of it, whatever becomes of it."""

    def __init__(self, listener: RequestListener, exchange: Exchange) -> None:
        self._listener = listener
        self._exchange = exchange
        self._began = 0.0

    def __enter__(self) -> Exchange:
        """Begin to measure."""
        self._began = monotonic()
        return self._exchange

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell how it ended."""
        if kind is not None:
            self._exchange.error = kind.__name__
        self._exchange.seconds = monotonic() - self._began
        self._listener.exchanged(self._exchange)
