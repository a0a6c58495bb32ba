"""What people hear of changes while they wait: a bar where somebody watches, else lines."""

import atexit
import time

from ...execution import Outcome, Report, State
from ...plan.change import Change
from ..out import show
from ..report_text import outcome_line, progress_line, report_text
from ..visible import harmless
from .bars import ChangesBar
from .watched import watched

MOST_LINES = 200
MOST_SKIPPED = 20
SECONDS_BETWEEN = 2.0


class ChangesProgress:
    """Tells every outcome of a small plan, and of a large one how far it is."""

    def __init__(
        self, total: int, again: str = "apply again", *, together: bool = False, err: bool = False
    ) -> None:
        self._total = total
        self._again = again
        self._err = err
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
        if self._together:
            self._say_causes(self._together)
        if self._untold:
            self._say(f"… and {self._untold:,} more skipped")
        show(report_text(report, self._again), err=self._err)

    def _say_causes(self, outcomes: list[Outcome]) -> None:
        from ...execution.causes import causes_of

        for cause in causes_of(outcomes):
            more = f"\n  … and {cause.count - 1:,} more like it" if cause.count > 1 else ""
            self._say(f"{outcome_line(cause.first)}{more}")

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
