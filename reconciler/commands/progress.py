"""What is told while people wait, on stderr: bars where somebody watches, else a line now and then.

Or events for programs, on stdout.
"""

import atexit
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import orjson

from ..apply import Outcome, Report, State
from ..catalogue import Kind
from ..client.client import Client, Reader
from ..client.connection import Connection
from ..client.filters import Condition
from ..client.forms import OddRow
from ..diagnostics.words import count
from ..migrate import causes_of
from ..plan.change import Change
from ..plan.document import document_of
from ..plan.model import Plan
from ..render.report_text import outcome_line, progress_line, report_text
from ..render.visible import harmless
from ..values.column import JSON
from ..values.sent import Row
from .bars import ChangesBar, ReadingBar
from .diagnosis import told_in_lines
from .out import hand_over, say, show

MOST_LINES = 200
MOST_SKIPPED = 20
SECONDS_BETWEEN = 2.0
SECONDS_UNTOLD = 0.3


def watched() -> bool:
    """Tell whether a bar may move on stderr: a terminal, not that of a CI job, and no ``-v``."""
    if told_in_lines():
        return False
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


class Listening(Protocol):
    """Hears a run from its first change to its report."""

    def started(self, change: Change) -> None:
        """Hear that a change is under way."""

    def settled(self, outcome: Outcome) -> None:
        """Hear how a change ended."""

    def report(self, report: Report) -> None:
        """Hear how the run ended."""


class Progress:
    """Tells every outcome of a small plan, and of a large one how far it is."""

    def __init__(self, total: int, again: str = "apply again", *, together: bool = False) -> None:
        self._total = total
        self._again = again
        self._together: list[Outcome] | None = [] if together else None
        self._settled = 0
        self._skipped = self._untold = 0
        self._began: float | None = None
        self._told = 0.0
        self._bar: ChangesBar | None = None

    def started(self, change: Change) -> None:
        """Begin to measure with the first change: before it, people were asked."""
        if self._began is None:
            self._began = self._told = time.monotonic()
            if watched():
                self._bar = ChangesBar(self._total)
                atexit.register(self._bar.stop)

    def settled(self, outcome: Outcome) -> None:
        """Tell one outcome: what went wrong in any case, of what was not tried the first ones."""
        self.started(outcome.change)
        self._settled += 1
        if self._bar:
            self._bar.advance()
        now = time.monotonic()
        if self._together is not None and outcome.state is not State.DONE:
            self._together.append(outcome)
        elif self._tells(outcome):
            self._say(outcome_line(outcome))
        elif not self._bar and now - self._told > SECONDS_BETWEEN:
            self._told = now
            self._say(progress_line(self._settled, self._total, now - (self._began or now)))
        if self._settled == self._total:
            self._stop()

    def report(self, report: Report) -> None:
        """Print the counts."""
        self._stop()
        for cause in causes_of(self._together or ()):
            more = f"\n  … and {cause.count - 1:,} more like it" if cause.count > 1 else ""
            self._say(f"{outcome_line(cause.first)}{more}")
        if self._untold:
            self._say(f"… and {self._untold:,} more skipped")
        show(report_text(report, self._again))

    def _tells(self, outcome: Outcome) -> bool:
        if self._total <= MOST_LINES:
            return True
        if outcome.state is State.SKIPPED:
            self._skipped += 1
            self._untold = max(0, self._skipped - MOST_SKIPPED)
            return not self._untold
        return outcome.state is not State.DONE

    def _say(self, text: str) -> None:
        if self._bar:
            self._bar.say(harmless(text))
        else:
            show(f"{text}\n", err=True)

    def _stop(self) -> None:
        if self._bar:
            self._bar.stop()
            atexit.unregister(self._bar.stop)
            self._bar = None


class Events:
    """Writes one JSON line per event on stdout, as `schemas/events.schema.json` documents."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds

    def planned(self, plan: Plan) -> None:
        """Write every change of the plan, and how many there are."""
        document = document_of(plan, self._kinds)
        _event("plan", digest=document["digest"], summary=dict(document["summary"]))
        for change in plan.changes:
            _event("planned", **_about(change), consents=list(change.consents))

    def started(self, change: Change) -> None:
        """Write that a change is under way."""
        _event("started", **_about(change))

    def settled(self, outcome: Outcome) -> None:
        """Write how a change ended."""
        about = {**_about(outcome.change), "id": outcome.id}
        _event(outcome.state.value, **about, message=outcome.message, hint=outcome.hint)

    def report(self, report: Report) -> None:
        """Write the counts."""
        counts: dict[str, JSON] = {state.value: report.count(state) for state in State}
        _event("end", stopped=report.stopped, summary=counts)


def _about(change: Change) -> dict[str, JSON]:
    place = change.position
    return {
        "address": str(change.address) if change.address else None,
        "kind": change.kind,
        "id": change.id,
        "action": change.action.value,
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _event(name: str, **facts: JSON) -> None:
    hand_over(orjson.dumps({"event": name, **facts}).decode() + "\n")


class Reading:
    """Tells how many rows have been read: a line now and then, or one that moves.

    The moving one is shown only inside ``with Reading() as reading:``, so that it is gone when
    something else is written.
    """

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._began = self._told = time.monotonic()
        self._bar: ReadingBar | None = None
        self._watched = False
        self._over = False

    def __enter__(self) -> Self:
        """Begin."""
        self._watched = watched()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say no more."""
        self._over = True
        if self._bar:
            self._bar.stop()

    def tell(self, kind: str, rows: int) -> None:
        """Tell the rows of one kind so far."""
        self._rows[kind] = rows
        now = time.monotonic()
        if self._over:
            return
        if self._watched:
            self._move(kind, now)
        elif now - self._told > SECONDS_BETWEEN:
            self._told = now
            rate = sum(self._rows.values()) / (now - self._began)
            say(f"reading {kind}: {count(rows, 'row')}, {rate:,.0f}/s", err=True)

    def arrived(self, kind: str, rows: int) -> None:
        """Count more rows of one kind."""
        self.tell(kind, self._rows.get(kind, 0) + rows)

    def _move(self, kind: str, now: float) -> None:
        if self._bar is None and now - self._began > SECONDS_UNTOLD:
            self._bar = ReadingBar()
        if self._bar:
            self._bar.tell(kind, self._rows)


class TellingReader(Reader):
    """A reader that tells how many rows have arrived."""

    def __init__(self, connection: Connection, reading: Reading, *, parallelism: int) -> None:
        super().__init__(connection, parallelism=parallelism)
        self._reading = reading

    async def pages(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> AsyncIterator[list[Row]]:
        """Read page by page, and tell each."""
        async for page in super().pages(kind, columns, conditions, odd):
            self._reading.arrived(kind.name, len(page))
            yield page


class TellingClient(TellingReader, Client):
    """A client that tells how many rows have arrived."""
