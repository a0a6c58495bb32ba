"""Who executes tasks: a runner; the one here has processes of this machine."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from types import TracebackType
from typing import Protocol, Self, cast

from ..values.column import JSON
from .frames import Message, framed, read_frame
from .given import Given
from .hearing import Hear, exchange_of, nobody_hears
from .results import Result
from .tasks import Task

AT_ONCE = 8
"""Organizations in flight in one process, besides those that wait for a server."""
MOST_WAITING = 56
"""Organizations in one process that wait for a server, beside the others; none where one task
goes after the other."""
MOST_REQUESTS = 64
"""Requests in flight of all organizations together."""
_LONGEST = 1024 * 1024


class Runner(Protocol):
    """Executes tasks, in any order and several at a time."""

    def run(self, tasks: Iterable[Task]) -> AsyncIterator[Result]:
        """Execute tasks; each that is begun gives one result. They are asked for one by one."""

    async def stop(self) -> None:
        """Begin no further task; those in flight come to their end."""


class LocalRunner:
    """Runs tasks in processes of this machine: at most ``jobs``, begun when they are needed."""

    def __init__(
        self,
        jobs: int | None = None,
        *,
        at_once: int = AT_ONCE,
        most_requests: int = MOST_REQUESTS,
        tell: Callable[[str, str], None] = lambda name, text: None,
        hear: Hear = nobody_hears,
    ) -> None:
        self._jobs = jobs or os.cpu_count() or 1
        self._at_once = at_once
        self._most_waiting = MOST_WAITING if at_once > 1 else 0
        self._most_requests = max(1, most_requests // self._jobs)
        self._tell = tell
        self._hear = hear
        self._workers: list[_Worker] = []
        self._heard: asyncio.Queue[tuple[_Worker, Message | None]] = asyncio.Queue()
        self._stopped = False

    async def __aenter__(self) -> Self:
        """Begin; processes are started when there are tasks."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes: at once where somebody wants that; an error lets them finish."""
        at_once = kind is not None and not issubclass(kind, Exception)
        if error and not at_once:
            await self.stop()
        if at_once:
            for worker in self._workers:  # all of them, before anything is waited for
                worker.kill()
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def stop(self) -> None:
        """Begin no further task; those in flight come to their end."""
        self._stopped = True
        for worker in self._workers:
            await worker.send({"stop": True})

    async def run(self, tasks: Iterable[Task]) -> AsyncIterator[Result]:
        """Execute tasks; each that is begun gives one result."""
        waiting = iter(tasks)
        more = True
        while True:
            while more and not self._stopped and (worker := await self._free()):
                task = next(waiting, None)
                if task is None:
                    more = False
                    break
                await worker.take(task)
            if not any(worker.tasks for worker in self._workers):
                if not more or self._stopped:
                    return
                continue
            async for result in self._next():
                yield result

    async def _next(self) -> AsyncIterator[Result]:
        """Wait for the next message; where a process died, all that it had has failed."""
        worker, message = await self._heard.get()
        if message is None:
            self._workers.remove(worker)
            code = await worker.ended()
            for given in worker.tasks.values():
                yield given.died(code)
        elif "result" in message:
            result = Result.from_document(cast("Mapping[str, JSON]", message["result"]))
            worker.done(result.name)
            yield result
        elif "waits" in message:
            worker.waits(str(message["waits"]))
        elif "heard" in message:
            self._hear(str(message["heard"]), exchange_of(message["exchange"]))
        elif "tell" in message:
            self._tell(str(message["tell"]), str(message["text"]))

    async def _free(self) -> "_Worker | None":
        """Find a process that can take one more; starts one where all have something to do."""
        least = min(self._workers, key=lambda one: one.busy, default=None)
        if least and not least.busy:
            return least
        if len(self._workers) < self._jobs:
            worker = await _Worker.begun(self._heard, self._most_requests, self._most_waiting)
            self._workers.append(worker)
            return worker
        return least if least and least.busy < self._at_once else None


class _Worker:
    """One process, and the tasks that it has."""

    def __init__(self, process: asyncio.subprocess.Process, most_waiting: int) -> None:
        self._process = process
        self._most_waiting = most_waiting
        self._waiting: set[str] = set()
        self.tasks: dict[str, Given] = {}
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def begun(
        cls,
        heard: "asyncio.Queue[tuple[_Worker, Message | None]]",
        most_requests: int,
        most_waiting: int,
    ) -> "_Worker":
        """Start a process; Ctrl-C at the terminal reaches the coordinator alone."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            f"{__package__}.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=_LONGEST,
        )
        worker = cls(process, most_waiting)
        await worker.send({"most_requests": most_requests})
        worker._listening = asyncio.create_task(worker._listen(heard))
        return worker

    @property
    def busy(self) -> int:
        """How many tasks it has, but for those that only wait for a server."""
        return len(self.tasks) - min(len(self._waiting), self._most_waiting)

    async def take(self, task: Task) -> None:
        """Give it one more task."""
        self.tasks[task.name] = Given.now(task)
        await self.send({"task": task.as_document()})

    def waits(self, name: str) -> None:
        """Know that a task waits for its server, which holds up no other."""
        if name in self.tasks:
            self._waiting.add(name)

    def done(self, name: str) -> None:
        """Know that a task is done."""
        del self.tasks[name]
        self._waiting.discard(name)

    async def send(self, message: Mapping[str, object]) -> None:
        """Send a message; one that died is heard of elsewhere."""
        assert self._process.stdin
        try:
            self._process.stdin.write(framed(message))
            await self._process.stdin.drain()
        except ConnectionError:
            return

    async def ended(self) -> int:
        """Wait for its end; gives its exit code."""
        return await self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """End it: it has nothing to do any more, but to send what traces still hold."""
        await self.send({"end": True})
        await self._process.wait()
        if self._listening:  # a second Ctrl-C has cancelled that
            await asyncio.wait({self._listening})

    async def _listen(self, heard: "asyncio.Queue[tuple[_Worker, Message | None]]") -> None:
        assert self._process.stdout
        while (message := await read_frame(self._process.stdout)) is not None:
            await heard.put((self, message))
        await heard.put((self, None))
