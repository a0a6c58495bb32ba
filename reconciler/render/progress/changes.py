"""What people hear of changes while they wait: a bar where somebody watches, else lines."""

import atexit
import time

from ...diagnostics.words import few
from ...execution import Outcome, Report, State
from ...execution.causes import Key, cause_of
from ...plan.change import Change
from ..out import show
from ..report_text import outcome_line, progress_line, report_text
from ..visible import harmless, visible
from .bars import ChangesBar
from .watched import watched

MOST_LINES = 200
MOST_ALIKE = 5
SECONDS_BETWEEN = 2.0


class _Alike:
    """How many changes ended as the first did, for the same cause, and what the next are called."""

    def __init__(self, first: Outcome) -> None:
        self._first = first
        self._names: list[str] = []
        self.count = 0

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.count += 1
        if len(self._names) < MOST_ALIKE:
            self._names.append(outcome.change.name)

    @property
    def text(self) -> str:
        """Say it in one line."""
        first = self._first
        names = few(self._names, MOST_ALIKE, self.count)
        return visible(f"{self.count:,} more {first.state} like {first.change.name}: {names}")


class ChangesProgress:
    """Tells every outcome of a small plan, and of a large one how far it is.

    What was not done for one cause is told once; in the end it is said how many there were.
    """

    def __init__(self, total: int, again: str = "apply again", *, err: bool = False) -> None:
        self._total = total
        self._again = again
        self._err = err
        self._alike: dict[Key, _Alike] = {}
        self._settled = 0
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
        """Tell one outcome: what was not done in any case, but once for each cause."""
        self.started(outcome.change)
        self._settled += 1
        if self._bar:
            self._bar.advance()
        now = time.monotonic()
        if self._tells(outcome):
            self._say(outcome_line(outcome))
        elif not self._bar and now - self._told > SECONDS_BETWEEN:
            self._told = now
            self._say(progress_line(self._settled, self._total, now - (self._began or now)))
        if self._settled == self._total:
            self._stop()

    def nothing(self) -> None:
        """Say no more: the plan says it."""

    def report(self, report: Report) -> None:
        """Print the counts."""
        self._stop()
        for alike in self._alike.values():
            if alike.count:
                self._say(alike.text)
        show(report_text(report, self._again), err=self._err)

    def _tells(self, outcome: Outcome) -> bool:
        if outcome.state is State.DONE:
            return self._total <= MOST_LINES
        cause = cause_of(outcome)
        if cause not in self._alike:
            self._alike[cause] = _Alike(outcome)
            return True
        self._alike[cause].add(outcome)
        return False

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
