"""Ctrl-C and SIGTERM: the first ends a run cleanly, the second at once."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from ..render.out import say

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def answering() -> Iterator[None]:
    """Let a signal end a question at once; the loop would wait with it until there is an answer."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Stopper:
    """Listens for signals while changes are made; tells ``stopping`` at the first."""

    def __init__(self, stopping: Callable[[], None]) -> None:
        self._asked = False
        self._stopping = stopping

    def asked(self) -> bool:
        """Tell whether the run should end."""
        return self._asked

    def __enter__(self) -> Self:
        """Begin to listen."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._heard)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    def _heard(self) -> None:
        if self._asked:
            raise SystemExit(130)
        self._asked = True
        self._stopping()
        say("stopping after the requests in flight; once more stops at once", err=True)
