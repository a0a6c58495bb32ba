"""What the steps of one run share: the server, the journal, the ids found, and who listens."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..bindings import Bindings
from ..catalogue import Kind
from ..client.filters import URL_BOUND
from ..client.protocols import Writer
from ..diagnostics import (
    ApiError,
    BadAnswerError,
    LostAnswerError,
    NotSentError,
    ReconcilerError,
    UnreachableError,
)
from ..ids import Owner
from ..journal.records import Answer
from ..journal.write import Journal
from ..plan.change import Action, Change
from ..values.address import Address
from ..values.column import JSON
from ..values.sent import Row
from .outcome import Outcome, State
from .watch import Watch

ROWS_PER_CREATE = 500
_ASIDE = "it holds a third value for now, since another row of the plan was to have its own"


class ChangeListener(Protocol):
    """Hears what happens, as it happens."""

    def started(self, change: Change) -> None:
        """Hear that the first request about a change is on its way."""

    def settled(self, outcome: Outcome) -> None:
        """Hear how a change ended."""


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None:
        """Do nothing."""

    def settled(self, outcome: Outcome) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Answered:
    """What the server answered to a write: the rows as stored, or how many it changed."""

    request: int
    changes: Sequence[Change]
    rows: list[Row] = field(default_factory=list)
    count: int | None = None


@dataclass(slots=True)
class Run:
    """One apply: its surroundings, and what is known so far.

    ``stop`` tells that no more requests shall be sent. ``rows_per_create`` and ``url_bound``
    shrink when the server says that less fits. ``abort_reason`` says why going on makes no sense
    (the network is gone, the key is refused); no write is sent after that. ``local_write_error``
    says what could not be written on this machine. ``wrote`` tells that a write was done, or may
    have been.
    ``in_doubt`` are rows to be adopted, as (kind, id), that an earlier run made and did not bind.

    ``refusals`` are those of a level that may be done once others are; ``rows`` the rows of changes
    that this run moved itself, ``aside`` those that hold a third value still; ``originals`` maps
    what is executed with such a row to the change of the plan; ``held`` finds the changes that
    let go of a value.
    """

    client: Writer
    kinds: Mapping[str, Kind]
    owner: Owner
    planned: Sequence[Change]
    bindings: Bindings
    journal: Journal
    listener: ChangeListener
    stop: Callable[[], bool]
    ids: dict[Address, str] = field(default_factory=dict)
    watch: Watch = field(init=False)
    in_doubt: frozenset[tuple[str, str]] = frozenset()
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    undone: set[Address] = field(default_factory=set)
    started: set[int] = field(default_factory=set)
    rows_per_create: int = ROWS_PER_CREATE
    url_bound: int = URL_BOUND
    abort_reason: str | None = None
    local_write_error: str | None = None
    wrote: bool = False
    refusals: list[Outcome] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)
    originals: dict[int, tuple[Change, Change]] = field(default_factory=dict)
    held: dict[tuple[str, str, str], list[Change]] | None = None

    def __post_init__(self) -> None:
        """Begin to watch what is stored."""
        self.watch = Watch(self.bindings)

    def abort(self, why: str) -> None:
        """End the run, without breaking off what is under way; what waits is not sent."""
        self.abort_reason = why
        self.client.drain()

    def settle(self, *outcomes: Outcome) -> None:
        """Record how changes ended."""
        for given in outcomes:
            outcome = self._of_plan(given) if self.originals else given
            change, is_done = outcome.change, outcome.state is State.DONE
            if not is_done and id(change) in self.aside:
                outcome = replace(outcome, message=f"{outcome.message}; {_ASIDE}")
            self.outcomes[id(change)] = outcome
            if not is_done and change.address and change.action is Action.CREATE:
                self.undone.add(change.address)
            try:
                self.listener.settled(outcome)
            except (OSError, ReconcilerError) as error:
                self._end("what is done", error)

    def _of_plan(self, outcome: Outcome) -> Outcome:
        """Put the change of the plan for one that was executed with another row."""
        _, change = self.originals.get(id(outcome.change), (None, outcome.change))
        return replace(outcome, change=change)

    def outcome_of(self, change: Change) -> Outcome | None:
        """Say how a change ended, None while it has not."""
        return self.outcomes.get(id(change))

    def is_lasting(self, change: Change) -> bool:
        """Tell whether a row is known whatever its columns hold: its id is computed, or bound."""
        row_id = str(change.id)
        return self.owner.owns(row_id) or self.bindings.names(change.kind, row_id)

    def holding(self, kind: str, column: str, value: str) -> Sequence[Change]:
        """Give the changes whose live rows hold a value in a column, and that move or delete it."""
        if self.held is None:
            self.held = {}
            for change in self.planned:
                for name, there in (change.row or {}).items():
                    leaves = change.action is Action.DELETE or name in change.columns
                    if leaves and isinstance(there, str):
                        self.held.setdefault((change.kind, name, there), []).append(change)
        return self.held.get((kind, column, value), [])

    def moved(self, change: Change, row: Row, *, aside: bool) -> None:
        """Remember what the row of a change holds since this run changed it for another one."""
        self.rows[id(change)] = row
        (self.aside.add if aside else self.aside.discard)(id(change))

    def as_it_is(self, change: Change) -> Change:
        """Give a change with its row as this run left it."""
        row = self.rows.get(id(change))
        if row is None:
            return change
        columns = {n: replace(d, before=row.get(n)) for n, d in change.columns.items()}
        now = replace(change, row=row, columns=columns)
        self.originals[id(now)] = (now, change)
        return now

    @asynccontextmanager
    async def recorded(
        self,
        changes: Sequence[Change],
        bodies: Sequence[Mapping[str, JSON]],
        *,
        matching: Sequence[str] = (),
    ) -> AsyncIterator[Answered]:
        """Send one write request between two lines of the journal.

        The block puts in what the server answered. Raises LostAnswerError where nobody can tell
        from the answer what was done, NotSentError where it could not be written down before, or
        the run ended before it was sent.
        ``matching`` are the ids of rows that might be taken for one to be created.
        """
        answered = Answered(await self._intend(changes, bodies, matching), changes)
        try:
            self._check_goes_on()  # it may have ended while the intent was written down
            yield answered
        except ApiError as error:
            lost = _lost(error)
            self.wrote = self.wrote or lost is not None
            if not lost and (isinstance(error, UnreachableError) or error.status == 401):
                self.abort(error.message)  # before anything is waited for: the next one has a place
            await self._conclude(answered, "lost" if lost else "refused")
            if lost:
                raise lost from error
            if isinstance(error, NotSentError) and self.abort_reason:
                raise NotSentError(self.abort_reason) from error
            raise
        self.wrote = self.wrote or answered.count != 0
        complete = answered.rows if len(answered.rows) == len(changes) else None
        await self._conclude(answered, "missed" if answered.count == 0 else "done", complete)

    async def found(self, answered: Answered, row: Row) -> None:
        """Write down which row a create had made whose answer was lost."""
        await self._conclude(answered, "done", [row])

    async def keep(self) -> None:
        """Wait until all that is done so far is written down on the disk."""
        try:
            await self.journal.sync()
        except OSError as error:
            self._end(f"the journal {self.journal.path}", error)

    def save_bindings(self) -> None:
        """Write the bindings if any changed; where that fails, nothing more is sent."""
        try:
            self.bindings.save()
        except (OSError, ReconcilerError) as error:
            self._end(f"the bindings file {self.bindings.path}", error)

    async def _intend(
        self,
        changes: Sequence[Change],
        bodies: Sequence[Mapping[str, JSON]],
        matching: Sequence[str],
    ) -> int:
        self._check_goes_on()
        try:
            entries = self.bindings.entries
            return await self.journal.intend(changes, bodies, entries, matching=matching)
        except OSError as error:
            self._end(f"the journal {self.journal.path}", error)
            raise NotSentError(str(self.abort_reason)) from error

    def _check_goes_on(self) -> None:
        """Raise NotSentError where nothing shall be sent any more."""
        if self.abort_reason:
            raise NotSentError(self.abort_reason)
        if self.stop():
            raise NotSentError.stopped()

    async def _conclude(
        self, answered: Answered, answer: Answer, stored: Sequence[Row] | None = None
    ) -> None:
        try:
            names_alone = self._names_alone(answered.changes, stored)
            await self.journal.conclude(answered.request, answer, stored, names_alone=names_alone)
        except OSError as error:
            self._end(f"the journal {self.journal.path}", error)

    def _names_alone(self, changes: Sequence[Change], stored: Sequence[Row] | None) -> bool:
        """Tell whether an answer holds an id that the server chose."""
        return any(
            (row_id := row.get(self.kinds[change.kind].id_column)) and str(row_id) != change.id
            for change, row in zip(changes, stored or (), strict=False)
        )

    def _end(self, what: str, error: OSError | ReconcilerError) -> None:
        """End the run, without breaking off what is under way: this machine cannot write."""
        why = error.strerror if isinstance(error, OSError) else error.message
        self.local_write_error = f"{what} cannot be written: {why}"
        self.abort(self.local_write_error)

    def announce(self, changes: Sequence[Change]) -> None:
        """Tell the listener, once, that changes are under way."""
        for change in changes:
            if id(change) not in self.started:
                self.started.add(id(change))
                try:
                    self.listener.started(change)
                except (OSError, ReconcilerError) as error:
                    self._end("what is done", error)


def _lost(error: ApiError) -> LostAnswerError | None:
    """Tell whether an answer leaves open what was done: none came, or it is not the API's."""
    if isinstance(error, LostAnswerError):
        return error
    no_word = error.status is not None and error.status >= 500 and error.code is None
    if not (no_word or isinstance(error, BadAnswerError)):
        return None
    what = f"{error.method} {error.path} got {error.status}" if no_word else error.message
    return LostAnswerError(
        f"{what}: nobody knows whether it is done",
        method=error.method,
        path=error.path,
        status=error.status,
        hint=error.hint,
    )
