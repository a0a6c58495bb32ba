"""How a rehearsal went, as a value."""

from dataclasses import dataclass

from ..execution import Report
from ..plan.model import Plan

NOT_EMPTY = 5
"""The exit code where a second plan would still change something."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What was rehearsed on a copy of ``rows`` rows, and what a second plan found.

    ``report`` is None where nothing was executed: nothing was to do, or it was ``refused``.
    """

    plan: Plan
    rows: int
    report: Report | None = None
    refused: str = ""
    again: Plan | None = None

    @property
    def went_well(self) -> bool:
        """Tell whether all was done, and a second plan is empty."""
        return self.again is not None and not self.again.changes

    @property
    def exit_code(self) -> int:
        """The exit code: that of the run, else whether a second plan is empty."""
        code = self.report.exit_code if self.report else 0
        return code or (0 if self.went_well else NOT_EMPTY)
