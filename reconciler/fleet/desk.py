"""What a Dask worker does with a task: it reads the key itself, and answers data, errors too.

Nothing is raised: Dask writes what is raised into the logs of workers. All tasks of one run in one
process share an event loop in a thread of its own, so long work holds up no answer of the worker.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from concurrent.futures import Future
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread
from typing import NamedTuple, cast

from .. import __version__
from ..client.listening import Exchange
from ..values.column import JSON
from .hearing import as_document
from .place import Counter, Place
from .results import Result
from .single import run_task
from .tasks import Task

TOPIC = "reconciler"
"""Where the coordinator hears that an organization waits."""
MOST_RUNS = 4
"""So many runs have a place in a process; older ones are closed."""
LONGEST_CLOSE = 5.0
"""Seconds that the end of a run may take in a worker."""


class Told(NamedTuple):
    """What the coordinator is to hear of an organization: words, a request, or that it waits."""

    name: str
    text: str = ""
    exchange: dict[str, JSON] | None = None
    waits: bool = False


def execute(message: Mapping[str, JSON]) -> dict[str, JSON]:
    """Execute one task, as Dask calls it; answers its result as data, or what went wrong."""
    if message["version"] != __version__:
        return {"refused": f"its worker has version {__version__}, and not {message['version']}"}
    try:
        task = Task.from_document(cast("Mapping[str, JSON]", message["task"]))
        desk = _desks().of(str(message["run"]), int(cast("int", message["most_requests"])))
        return {"result": _work(desk, task).as_document()}
    except Exception as error:  # its own words may hold values
        return {"failed": type(error).__name__}


def stop(run: str) -> None:
    """Let what is under way for a run come to its end."""
    _desks().stop(run)


async def close(run: str) -> None:
    """Forget a run that is over, and wait a while until its traces are sent."""
    if closing := _desks().close(run):
        await asyncio.wait({asyncio.wrap_future(closing)}, timeout=LONGEST_CLOSE)


def dask_setup(worker: object) -> None:
    """Set a process of this machine apart from the terminal: Dask calls it as it begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator alone
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _work(desk: "_Desk", task: Task) -> Result:
    """Wait for a task; while it waits for its server, another may have its thread."""
    from distributed import get_worker, secede

    heard: SimpleQueue[Told | Future[Result]] = SimpleQueue()
    desk.begin(task, heard)
    apart = False
    while isinstance(one := heard.get(), Told):
        get_worker().log_event(TOPIC, one._asdict())
        if one.waits and not apart:
            apart = True
            secede()
    return one.result()


class _Desk:
    """One run in this process: an event loop, and what its tasks share."""

    def __init__(self, most_requests: int) -> None:
        self._heard: dict[str, SimpleQueue[Told | Future[Result]]] = {}
        self._most = most_requests
        self._loop = asyncio.new_event_loop()
        self._place = Place(self._tell, most_requests=most_requests)
        Thread(target=self._loop.run_forever, name="reconciler", daemon=True).start()

    def begin(self, task: Task, heard: "SimpleQueue[Told | Future[Result]]") -> None:
        """Begin a task; what it waits for, and its end, are put into the queue."""
        self._heard[task.name] = heard
        future = asyncio.run_coroutine_threadsafe(self._run(task), self._loop)
        future.add_done_callback(lambda ended: self._end(task.name, ended))

    @property
    def busy(self) -> bool:
        """Tell whether a task is under way."""
        return bool(self._heard)

    async def _run(self, task: Task) -> Result:
        def hear(exchange: Exchange) -> None:
            if task.access.listened:
                self._put(Told(task.name, exchange=as_document(exchange)))

        counter = Counter(hear)
        watching = asyncio.create_task(self._watch(task.name, counter))
        try:
            return await run_task(task, self._place, counter)
        finally:
            watching.cancel()

    async def _watch(self, name: str, counter: Counter) -> None:
        await counter.silence()
        self._put(Told(name, waits=True))

    def stop(self) -> None:
        """Let what is under way come to its end."""
        self._loop.call_soon_threadsafe(self._place.stop)

    def close(self) -> "Future[None]":
        """Close connections and end the loop; gives when that has been done."""
        ended = asyncio.run_coroutine_threadsafe(
            self._place.__aexit__(None, None, None), self._loop
        )
        ended.add_done_callback(lambda _: self._loop.call_soon_threadsafe(self._loop.stop))
        return ended

    def _end(self, name: str, ended: "Future[Result]") -> None:
        self._heard.pop(name).put(ended)

    def _tell(self, name: str, text: str) -> None:
        self._put(Told(name, text))

    def _put(self, told: Told) -> None:
        if told.name in self._heard:
            self._heard[told.name].put(told)


class _Desks:
    """The runs that have a place in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_run: dict[str, _Desk] = {}

    def of(self, run: str, most_requests: int) -> _Desk:
        with self._lock:
            desk = self._by_run.pop(run, None) or _Desk(most_requests)
            self._by_run[run] = desk
            gone = [n for n in [*self._by_run][:-MOST_RUNS] if not self._by_run[n].busy]
            old = [self._by_run.pop(one) for one in gone]
        for one in old:
            one.close()
        return desk

    def stop(self, run: str) -> None:
        if run in self._by_run:
            self._by_run[run].stop()

    def close(self, run: str) -> "Future[None] | None":
        with self._lock:
            desk = self._by_run.pop(run, None)
        return desk.close() if desk else None


@cache
def _desks() -> _Desks:
    return _Desks()
