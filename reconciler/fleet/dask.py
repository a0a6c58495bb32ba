"""Tasks on the workers of a Dask cluster: one that runs somewhere, or one of this machine.

Dask says where a task runs, and notices when a worker is gone. It gives a task up after a few
deaths; then it is given out once more here. Who writes holds a lease of the organization, so a
worker that only seemed to be gone and its successor do not both write.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Self, cast

from .. import __version__
from ..diagnostics import UsageError
from ..values.column import JSON
from . import desk
from .cluster import Scheduler, connected
from .given import Given
from .hearing import Hear, exchange_of, nobody_hears
from .results import Result, failed, unexpected
from .running import AT_ONCE, MOST_REQUESTS, MOST_WAITING
from .tasks import WRITING, Task

MOST_LOST = 3
"""So often is a task given out once more that Dask gave up, since its workers died."""
LONGEST_ALONE = 60.0
"""Seconds without any worker after which tasks count as lost."""
_LOOK = 2.0


class DaskRunner:
    """Runs tasks on the workers of a cluster, as many at a time as they have threads."""

    def __init__(
        self,
        scheduler: Scheduler,
        *,
        jobs: int,
        most_requests: int = MOST_REQUESTS,
        tell: Callable[[str, str], None] = lambda name, text: None,
        hear: Hear = nobody_hears,
    ) -> None:
        self._scheduler = scheduler
        self._jobs = jobs
        self._most_requests = most_requests
        self._tell = tell
        self._hear = hear
        self._run = secrets.token_hex(8)
        self._stack = AsyncExitStack()
        self._client: Any = None
        self._threads: Mapping[str, int] = {}
        self._flying: dict[str, Task] = {}
        self._waiting: set[str] = set()
        self._heard: asyncio.Queue[Result] = asyncio.Queue()
        self._following: set[asyncio.Task[None]] = set()
        self._stopped = False

    async def __aenter__(self) -> Self:
        """Reach the scheduler, or begin a cluster here; raises UsageError."""
        self._client = await self._stack.enter_async_context(
            connected(self._scheduler, jobs=self._jobs, threads=AT_ONCE)
        )
        self._client.subscribe_topic(desk.TOPIC, self._event)
        await self._look()
        self._scheduler.check_workers(self._threads)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster; what nobody waits for any more is not begun."""
        for one in self._following:
            one.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self._everywhere(desk.close)
        await self._stack.aclose()

    async def stop(self) -> None:
        """Begin no further task; those in flight come to their end."""
        self._stopped = True
        await self._everywhere(desk.stop)

    async def run(self, tasks: Iterable[Task]) -> AsyncIterator[Result]:
        """Execute tasks; each that is begun gives one result."""
        waiting = iter(tasks)
        more = True
        while True:
            while more and not self._stopped and self._has_room:
                task = next(waiting, None)
                if task is None:
                    more = False
                    break
                self._send(task)
            if not self._flying:
                if not more or self._stopped:
                    return
                continue
            result = await self._next()
            self._waiting.discard(result.name)
            del self._flying[result.name]
            yield result

    @property
    def _has_room(self) -> bool:
        """Tell whether a thread is free; who waits for a server has given its own away."""
        waiting = min(len(self._waiting), MOST_WAITING * max(1, len(self._threads)))
        return len(self._flying) - waiting < max(1, sum(self._threads.values()))

    def _send(self, task: Task) -> None:
        self._flying[task.name] = task
        following = asyncio.create_task(self._follow(task))
        self._following.add(following)
        following.add_done_callback(self._following.discard)

    async def _next(self) -> Result:
        """Wait for the next result; meanwhile see who is there."""
        while True:
            with suppress(TimeoutError):
                return await asyncio.wait_for(self._heard.get(), _LOOK)
            await self._look()

    async def _follow(self, task: Task) -> None:
        """Give a task to Dask, again where its workers died, and hear how it ended."""
        try:
            result = await self._answered(task)
        except UsageError as error:
            result = failed(task, error)
        await self._heard.put(result)

    async def _answered(self, task: Task) -> Result:
        from distributed import CancelledError, KilledWorker

        given = Given.now(task)
        for _ in range(1 + MOST_LOST):
            self._scheduler.check_workers(self._threads)
            future = self._client.submit(
                desk.execute,
                self._message(task),
                key=f"{task.verb}-{task.name}-{secrets.token_hex(4)}",
                pure=False,
                retries=0,
            )
            try:
                return self._read(task, await self._patient(future))
            except KilledWorker:
                continue
            except (CancelledError, TimeoutError):
                return given.lost("no worker is there any more")
            except Exception as error:  # raised by Dask: our own part raises nothing
                return given.lost(f"its worker could not take it ({type(error).__name__})")
            finally:
                with suppress(Exception):
                    future.release()
        return given.lost("its workers died, one after the other")

    async def _patient(self, future: Any) -> Mapping[str, JSON]:
        """Wait for an answer as long as there is a worker, or there may be one soon."""
        alone = 0.0
        answer = asyncio.ensure_future(future.result())
        try:
            while True:
                done, _ = await asyncio.wait([answer], timeout=_LOOK)
                if done:
                    return cast("Mapping[str, JSON]", answer.result())
                alone = 0.0 if self._threads else alone + _LOOK
                if alone >= LONGEST_ALONE:
                    raise TimeoutError
        finally:
            answer.cancel()

    def _message(self, task: Task) -> dict[str, JSON]:
        """Write what a worker gets: names of keys, and no key."""
        most = max(1, self._most_requests // max(1, len(self._threads)))
        return {
            "version": __version__,
            "run": self._run,
            "most_requests": most,
            "task": task.as_document(),
        }

    def _read(self, task: Task, answer: Mapping[str, JSON]) -> Result:
        if "result" in answer:
            return Result.from_document(cast("Mapping[str, JSON]", answer["result"]))
        if "refused" in answer:
            hint = "install the same version on every worker"
            return failed(task, UsageError(str(answer["refused"]), hint=hint))
        return unexpected(
            task, f"its worker failed: {answer['failed']}", wrote=task.verb in WRITING
        )

    async def _look(self) -> None:
        """Learn which workers are there."""
        with suppress(OSError, TimeoutError):
            self._threads = await self._client.nthreads()

    async def _everywhere(self, what: Callable[[str], object]) -> None:
        with suppress(Exception):  # who is gone needs not to be told
            await asyncio.wait_for(self._client.run(what, self._run, on_error="ignore"), 10)

    def _event(self, event: tuple[float, Mapping[str, JSON]]) -> None:
        told = desk.Told(**cast("dict[str, Any]", event[1]))
        if told.name not in self._flying:
            return
        if told.exchange:
            self._hear(told.name, exchange_of(told.exchange))
        elif told.waits:
            self._waiting.add(told.name)
        elif told.text:
            self._tell(told.name, told.text)
