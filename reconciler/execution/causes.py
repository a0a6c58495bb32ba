"""Why changes were not made: one cause for all that failed in the same way, with how many."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .outcome import Outcome, State

_ADDRESS = re.compile(r"\b[a-z_]+(?:\.[a-z0-9][a-z0-9_-]*|\[[^\]]*\])(?:, [a-z_]+\.[a-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason, in the words of the first change it stopped, and how many it stopped."""

    first: Outcome
    count: int

    @property
    def reason(self) -> str:
        """Say what happened."""
        return f"{self.first.state}: {self.first.message}"


def causes_of(outcomes: Iterable[Outcome]) -> tuple[Cause, ...]:
    """Put what was not done together by kind, state and reason, whatever row it names."""
    found: dict[tuple[str, State, str], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.state is not State.DONE:
            words = _ADDRESS.sub("…", outcome.message or "")
            key = (
                "" if outcome.state is State.SKIPPED else outcome.change.kind,
                outcome.state,
                words,
            )
            found.setdefault(key, []).append(outcome)
    return tuple(Cause(same[0], len(same)) for same in found.values())
