"""Ctrl-C and SIGTERM: the first ends a run cleanly, the second at once."""

import asyncio
import signal
from types import TracebackType
from typing import Self

import click

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopper:
    """Listens for signals while changes are made."""

    def __init__(self) -> None:
        self._asked = False

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
        click.echo("stopping after the requests in flight; once more stops at once", err=True)
