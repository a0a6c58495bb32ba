"""What is told while templates are read: problems, and the names that may have been meant."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ...diagnostics import Code, Position
from ..load.problems import ProblemReport


class Hint(Protocol):
    """Finds the nearest of some names, or says something else."""

    def __call__(
        self, word: str, names: Iterable[str], otherwise: str | None = None, /
    ) -> str | None:
        """Ask "did you mean …?"."""


class Tell(NamedTuple):
    """Takes problems, and finds hints."""

    report: ProblemReport
    hint: Hint

    def error(self, code: Code, message: str, place: Position, hint: str | None = None) -> None:
        """Report what is wrong."""
        self.report.error(code, message, place, hint=hint)
