"""What is told on stderr while changes are made."""

import time

import click

from ..apply import Outcome, State
from ..render.report_text import outcome_line

MOST_LINES = 200
SECONDS_BETWEEN = 2.0


class Progress:
    """Tells every outcome of a small plan, and a count now and then of a large one."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._settled = 0
        self._told = time.monotonic()

    def tell(self, outcome: Outcome) -> None:
        """Tell one outcome; what was not done is always told."""
        self._settled += 1
        if outcome.state is not State.DONE or self._total <= MOST_LINES:
            click.echo(outcome_line(outcome), err=True)
        elif time.monotonic() - self._told > SECONDS_BETWEEN:
            self._told = time.monotonic()
            click.echo(f"{self._settled:,} of {self._total:,} changes", err=True)
