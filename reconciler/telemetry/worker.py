"""The part that a worker has in the trace of a command: it never speaks, and hinders nothing."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..spans import Span, heard_by, span
from .traced import traces_below

if TYPE_CHECKING:  # only who traces waits for the libraries
    from .traces import Traces


class WorkerTraces:
    """Sends the spans of tasks, if the environment of this worker asks for that, too.

    All tasks of one are below the same span of a command.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._traces: Traces | None = None
        self._begun = False

    @contextmanager
    def of(self, part: Span, above: Mapping[str, str]) -> Iterator[None]:
        """Trace a task while the block lasts, if there is a span ``above``."""
        if above and not self._begun:
            self._begun = True
            self._traces = traces_below(above, self._environment, _nobody)
        if self._traces is None:
            yield
            return
        with heard_by(self._traces), span(part):
            yield

    async def close(self) -> None:
        """Send what is not sent yet: waits for the collector for a while, but no longer."""
        traces, self._traces = self._traces, None
        if traces:
            await asyncio.to_thread(traces.close, _nobody)


def _nobody(text: str) -> None:
    """Tell nobody: the command says whether its own spans arrived."""
