"""The report that problems are added to."""

from collections import Counter
from collections.abc import Iterable

from ...diagnostics import Code, Position, Problem

MOST = 10_000
"""How many problems are kept; a file of the largest size can have a million."""


class ProblemReport:
    """Problems in the order they are found; from a bound on they are counted, and not kept."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._more: Counter[str] = Counter()
        self._stops = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found so far; what was only counted is one problem more of its severity."""
        more = (_more(severity, number) for severity, number in sorted(self._more.items()))
        return (*self._problems, *more)

    @property
    def count(self) -> int:
        """How many were found so far."""
        return len(self._problems) + self._more.total()

    @property
    def only_counts(self) -> bool:
        """Tell whether the run is stopped, and what else is found will only be counted."""
        return self._stops and self.count >= MOST

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems that were found elsewhere."""
        for problem in problems:
            self._add(problem)

    def count_only(self, severity: str, number: int) -> None:
        """Count problems that were found elsewhere and are named nowhere."""
        self._stops = self._stops or severity == "error"
        self._more[severity] += number

    def error(
        self,
        code: Code,
        message: str,
        position: Position | None = None,
        *,
        address: str | None = None,
        hint: str | None = None,
        others: tuple[Position, ...] = (),
    ) -> None:
        """Add a problem that stops the run; ``others`` are places that it is about, too."""
        self._add(Problem(code, message, position, address, hint, others=others))

    def warning(
        self,
        code: Code,
        message: str,
        position: Position,
        *,
        address: str,
        hint: str,
        others: tuple[Position, ...] = (),
    ) -> None:
        """Add a problem that does not stop the run."""
        self._add(Problem(code, message, position, address, hint, "warning", others=others))

    def _add(self, problem: Problem) -> None:
        self._stops = self._stops or problem.is_error
        if len(self._problems) < MOST and problem.stands_for == 1:
            self._problems.append(problem)
        else:
            self._more[problem.severity] += problem.stands_for


def _more(severity: str, number: int) -> Problem:
    message = f"{number:,} more {severity}{'s' if number > 1 else ''} are counted, not listed"
    hint = "fix the first of them: many may have one cause"
    code: Code = "more-problems"
    return Problem(code, message, None, None, hint, severity, stands_for=number)
