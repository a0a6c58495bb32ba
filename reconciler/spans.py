"""The parts of a run, told while they happen: stages and requests, how long each took; no value.

Whoever wants to hear of them listens while a block lasts, in this task and in those that it makes.
Nobody listens in most runs, and then a part costs next to nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

Fact = str | int | None


@dataclass(slots=True, eq=False)
class Span:
    """One part of a run, inside another or not; ``error`` is the class of what ended it.

    Of a stage the facts are counts, of a request what it was and how it ended.
    """

    name: str
    parent: "Span | None" = None
    facts: dict[str, Fact] = field(default_factory=dict)
    is_request: bool = False
    seconds: float = 0.0
    error: str | None = None

    def count(self, **counts: int) -> None:
        """Say how much there was of what."""
        self.facts.update(counts)


class SpanListener(Protocol):
    """Hears of each part when it begins, and again when it has ended."""

    def begun(self, span: Span) -> None:
        """Hear that it begins."""

    def ended(self, span: Span) -> None:
        """Hear that it has ended, well or not."""


_LISTENERS: ContextVar[tuple[SpanListener, ...]] = ContextVar("span_listeners", default=())
_CURRENT: ContextVar[Span | None] = ContextVar("current_span", default=None)


@contextmanager
def heard_by(listener: SpanListener) -> Iterator[None]:
    """Let one more listener hear of every part while the block lasts."""
    token = _LISTENERS.set((*_LISTENERS.get(), listener))
    try:
        yield
    finally:
        _LISTENERS.reset(token)


@contextmanager
def stage(name: str) -> Iterator[Span]:
    """Tell of a stage of the run; the block may add counts to it."""
    with span(Span(name)) as part:
        yield part


@contextmanager
def span(part: Span) -> Iterator[Span]:
    """Tell of a part, which is inside the one that is going on."""
    part.parent = _CURRENT.get()
    listeners, began = _LISTENERS.get(), monotonic()
    token = _CURRENT.set(part)
    for listener in listeners:
        listener.begun(part)
    try:
        yield part
    except BaseException as error:
        part.error = type(error).__name__
        raise
    finally:
        _CURRENT.reset(token)
        part.seconds = monotonic() - began
        for listener in listeners:
            listener.ended(part)
