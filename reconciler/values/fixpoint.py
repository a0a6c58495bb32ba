"""Loops to a fixpoint: each round must bring it on, or the loop ends with the reason."""

from ..diagnostics import ReconcilerError


class StuckError(ReconcilerError):
    """A loop went round without getting anywhere: our fault, and said, not waited for."""


class Progress:
    """Watches one loop; ``what`` it does is said in words for people.

    ::

    progress = Progress("finding rows")
    while questions:
        progress.insist(len(asked))
        …
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._reached: int | None = None
        self._rounds = 0

    def insist(self, reached: int) -> None:
        """Raise StuckError unless the loop is further on than a round ago."""
        if self._reached is not None and reached <= self._reached:
            raise StuckError(
                f"{self._what} does not come to an end: round {self._rounds} changed nothing",
                hint="it was broken off there; please report it, with the command",
            )
        self._reached = reached
        self._rounds += 1
