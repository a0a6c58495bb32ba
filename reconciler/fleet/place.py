"""What the tasks of one process share: the parsed base, connections, policies, and who stops."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from ..client.client import ApiClient
from ..client.connection import Connection, check_api
from ..client.listening import Exchange, Nobody
from ..configuration.resource import Configuration
from ..diagnostics import UsageError
from ..planning.planned import Planned
from ..policies.policing import Policing, policing_in
from ..telemetry.worker import WorkerTraces
from .base import Base
from .checkout import Checkout
from .keys import Source, read_sources, resolve, variable_of, variables_of
from .tasks import Access, Task

if TYPE_CHECKING:
    from ..client.shared import SharedConnections

SILENT = 2.0
"""Seconds without an answer after which an organization counts as one that waits."""
MOST_REQUESTS = 64
"""Requests in flight of all organizations together."""


class Drains(Protocol):
    """Sends no write any more that would have to wait."""

    def drain(self) -> None:
        """Begin to do so."""


class Counter(Nobody):
    """Counts requests; ``hear`` hears of each."""

    def __init__(self, hear: Callable[[Exchange], None] = lambda exchange: None) -> None:
        self.requests = 0
        self._hear = hear

    def exchanged(self, exchange: Exchange) -> None:
        """Count one, with its tries."""
        self.requests += max(1, exchange.tries)
        self._hear(exchange)

    async def silence(self) -> None:
        """Wait until no answer came for a while: then an organization counts as one that waits."""
        seen = -1
        while seen < self.requests:
            seen = self.requests
            await asyncio.sleep(SILENT)


class Place:
    """Where tasks run; ``tell`` hears, by the name of an organization, of long waits."""

    def __init__(
        self,
        tell: Callable[[str, str], None] = lambda name, text: None,
        *,
        most_requests: int = MOST_REQUESTS,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.tell = tell
        self._most = most_requests
        self._environment = os.environ if environment is None else environment
        self._checkout: Checkout | None = None
        self._bases: dict[str, Base] = {}
        self._sources: dict[str, Mapping[str, Source]] = {}
        self._policing: dict[tuple[Path, tuple[str, ...]], Policing] = {}
        self._connections: dict[tuple[str, float], SharedConnections] = {}
        self._stack = AsyncExitStack()
        self._draining: set[Drains] = set()
        self._stopped = False
        self.traces = WorkerTraces(self._environment)

    async def __aenter__(self) -> Self:
        """Begin; connections are opened when they are needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections, and send what traces still hold."""
        await self._stack.aclose()
        await self.traces.close()

    def stopped(self) -> bool:
        """Tell whether nothing more is to be begun."""
        return self._stopped

    def stop(self) -> None:
        """Let what is under way come to its end, as a single command does."""
        self._stopped = True
        for client in self._draining:
            client.drain()

    @contextmanager
    def stopping(self, client: Drains) -> Iterator[None]:
        """Let a client hear of a stop while the block lasts."""
        self._draining.add(client)
        try:
            yield
        finally:
            self._draining.discard(client)

    def check(self, task: Task) -> None:
        """See that a task finds the files here that it was made for; raises UsageError."""
        if task.sharing.problem:
            raise UsageError(task.sharing.problem, hint="make it readable, then run it again")
        if task.sharing.files:
            self._checkout = self._checkout or Checkout(self._environment)
            self._checkout.check(task.yaml, task.sharing.files)

    def base(self, task: Task) -> Base:
        """Give the base of a task; raises ConfigurationError."""
        path = task.yaml.base
        if path not in self._bases:
            self._bases[path] = Base(Path(path), self._environment)
        return self._bases[path]

    def forget_files(self) -> None:
        """Read files anew from now on."""
        self._bases.clear()

    async def client(
        self, task: Task, counter: Counter, before_write: Callable[[], None]
    ) -> ApiClient:
        """Give a client with the key of the organization, read now; raises UsageError."""
        access = task.access
        key = await asyncio.to_thread(self._key, task)
        kinds = self.base(task).kinds
        check_api(kinds, access.url)
        connection = replace(
            Connection.checked(access.url, key),
            timeout=access.timeout,
            retry_for=access.retry_for,
            max_wait=access.max_wait,
            insists=access.insists,
            tell=lambda text: self.tell(task.name, text),
            listener=counter,
        )
        shared = await self._shared(access, connection)
        return ApiClient(
            connection, parallelism=access.parallelism, transport=shared.lane(before_write)
        )

    def _key(self, task: Task) -> str:
        """Read the key of an organization; a command that gives it gets no other."""
        source, named = self._source(task), self._sources.get(task.keys or "", {})

        def tell(text: str) -> None:
            self.tell(task.name, text)

        return resolve(source, self._environment, tell, keys=variables_of(named.values()))

    async def _shared(self, access: Access, connection: Connection) -> "SharedConnections":
        from ..client.shared import SharedConnections

        which = (access.url, access.timeout)
        if which not in self._connections:
            opened = SharedConnections(connection, most=self._most)
            self._connections[which] = opened
            await self._stack.enter_async_context(opened)
        return self._connections[which]

    def source_name(self, task: Task) -> str:
        """Say where the key of an organization is looked for."""
        return str(self._source(task))

    def _source(self, task: Task) -> Source:
        if task.keys is None:
            return Source("env", (variable_of(task.name),))
        if task.keys not in self._sources:
            self._sources[task.keys] = read_sources(Path(task.keys), Path(task.repository))
        return self._sources[task.keys].get(task.name, Source("env", (variable_of(task.name),)))

    def policing(self, task: Task, configuration: Configuration) -> Policing:
        """Read the policies that hold, once; raises ConfigurationError where they are wrong."""
        given = task.yaml.policies
        which = (configuration.folder, given)
        if which not in self._policing:
            found = policing_in(configuration.folder, [*map(Path, given)], configuration.kinds)
            self._policing[which] = found.checked()
        return self._policing[which]

    async def judged(
        self, task: Task, planned: Planned, configuration: Configuration, *, back: bool = False
    ) -> Planned:
        """Put the verdicts of the policies into a plan; one that takes back is no YAML's."""
        policing = self.policing(task, configuration)
        if not policing.policies:
            return planned
        judge = policing.judged_back if back else policing.judged
        return await asyncio.to_thread(judge, planned, configuration)
