"""A worker process: one event loop, and several organizations in flight in it.

It takes tasks on its stdin and gives results on its stdout. Where the coordinator is gone, what is
in flight is finished as after Ctrl-C, and nothing more is begun.
"""

import asyncio
import gc
import os
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import cast

from ..client.listening import Exchange
from ..values.column import JSON
from .frames import framed, read_frame
from .hearing import as_document
from .place import Counter, Place
from .single import run_task
from .tasks import Task

_ALLOCATED = 100_000
"""New objects after which Python looks for cycles: most are in use until their task is done."""
_LONGEST = 1024 * 1024


def main() -> None:
    """Work until there is nothing more to do."""
    gc.set_threshold(_ALLOCATED)
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library says must not be taken for ours
    asyncio.run(_serve(out))


async def _serve(out: int) -> None:
    reader = asyncio.StreamReader(limit=_LONGEST)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(0, "rb", buffering=0)
    )
    line = _Line(out)
    setup = await read_frame(reader)
    if setup is None:
        return
    most = int(cast("int", setup["most_requests"]))
    async with Place(line.tell, most_requests=most) as place, asyncio.TaskGroup() as group:
        while (message := await read_frame(reader)) is not None:
            if "stop" in message:
                place.stop()
            elif "task" in message:
                task = Task.from_document(cast("Mapping[str, JSON]", message["task"]))
                group.create_task(line.work(task, place))
            else:
                break
        else:
            place.stop()


class _Line:
    """The way back to the coordinator; one that is gone hears nothing, and work is finished."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._lock = Lock()  # threads tell of waits while results are sent

    def tell(self, name: str, text: str) -> None:
        """Say that an organization waits, and for what."""
        self._send({"tell": name, "text": text})

    async def work(self, task: Task, place: Place) -> None:
        """Execute a task and send its result."""
        listened = task.access.listened

        def hear(exchange: Exchange) -> None:
            if listened:
                self._send({"heard": task.name, "exchange": as_document(exchange)})

        counter = Counter(hear)
        watching = asyncio.create_task(self._watch(task.name, counter))
        try:
            result = await run_task(task, place, counter)
        finally:
            watching.cancel()
        self._send({"result": result.as_document()})

    async def _watch(self, name: str, counter: Counter) -> None:
        """Say of an organization that does not answer: it holds up no other."""
        await counter.silence()
        self._send({"waits": name})

    def _send(self, message: Mapping[str, object]) -> None:
        """Write whole messages, one after the other: the coordinator reads at all times."""
        rest = memoryview(framed(message))
        with self._lock, suppress(BrokenPipeError):
            while rest:
                rest = rest[os.write(self._out, rest) :]


if __name__ == "__main__":
    main()
