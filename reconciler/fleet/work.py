"""One task at work: who it is for, what it reads, and what of it no output may show."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind
from ..client.client import ApiClient
from ..configuration.load import paused_collector
from ..configuration.read import Desired
from ..configuration.resource import Configuration
from ..plan.document import document_of
from ..planning.planned import Planned
from .likeness import likeness_of
from .place import Counter, Place
from .results import Failure, Result, State
from .tasks import Task

_MARK = "(hidden)"


class Work:
    """Executes one task.

    ``writes`` tells that a plan is being executed, ``wrote`` that the server did any of one.
    ``bindings`` are those to work with where the ones in the folder are not.
    """

    def __init__(self, task: Task, place: Place, counter: Counter) -> None:
        self.writes = False
        self.wrote = False
        self.task = task
        self.place = place
        self.counter = counter
        self.before_write: Callable[[], None] = lambda: None
        self.bindings: Bindings | None = None
        self._hidden: set[str] = set()

    def share(self) -> None:
        """Work with the bindings of the coordinator, where it sent them."""
        text, task = self.task.sharing.bindings, self.task
        if text is not None:
            path = bindings_path(Path(task.yaml.base), task.organization)
            self.bindings = Bindings.of(text, path)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of the base; raises ConfigurationError."""
        return self.place.base(self.task).kinds

    def desired(self) -> Desired:
        """Read and check the YAML; raises ConfigurationError, UsageError."""
        with paused_collector():
            desired = self.place.base(self.task).desired(self.task)
        self._hidden |= desired.configuration.secrets
        return desired

    def anew(self) -> Desired:
        """Read the YAML as it is now: what came before may have edited it."""
        self.place.forget_files()
        return self.desired()

    def loosely(self) -> Configuration:
        """Read the YAML, unset variables or not; raises ConfigurationError, UsageError."""
        configuration = self.place.base(self.task).loosely(self.task)
        self._hidden |= configuration.secrets
        return configuration

    @asynccontextmanager
    async def client(self) -> AsyncIterator[ApiClient]:
        """Open a client that hears of a stop; raises UsageError where there is no key."""
        client = await self.place.client(self.task, self.counter, self.before_write)
        async with client:
            with self.place.stopping(client):
                yield client

    def planned(self, planned: Planned, code: int, state: State) -> Result:
        """Make the result of a plan, with its document."""
        document = document_of(planned.plan, self.kinds)
        return Result(
            self.task.name,
            self.task.organization,
            code,
            state,
            plan=document,
            digest=document["digest"],
            likeness=likeness_of(document),
            counts={k: n for k, n in document["summary"].items() if n},
            notes=tuple(document["notes"]),
        )

    def masked(self, result: Result) -> Result:
        """Take out what no output may show: a server may quote what it was sent."""
        hidden = sorted(self._hidden, key=len, reverse=True)
        if not hidden or not (result.error or result.notes):
            return result
        return replace(
            result,
            error=cast("Failure | None", _masked(result.error, hidden)),
            notes=tuple(cast("str", _masked(note, hidden)) for note in result.notes),
        )


def _masked(value: object, hidden: list[str]) -> object:
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, _MARK)
        return value
    if isinstance(value, list):
        return [_masked(item, hidden) for item in value]
    if isinstance(value, dict):
        return {name: _masked(item, hidden) for name, item in value.items()}
    return value
