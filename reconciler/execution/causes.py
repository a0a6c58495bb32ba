"""Why changes were not made: one cause for all that failed in the same way, with how many."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .outcome import Outcome, State

_ADDRESS = re.compile(r"\b[a-z_]+(?:\.[a-z0-9][a-z0-9_-]*|\[[^\]]*\])(?:, [a-z_]+\.[a-z0-9_-]+)*")
_UUID = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_VALUE = re.compile(rf'(?<=\)=)\([^()]*\)|(?<=: )"[^"]*"|{_UUID}')

Key = tuple[str, State, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason, in the words of the first change it stopped, and how many it stopped."""

    first: Outcome
    count: int

    @property
    def reason(self) -> str:
        """Say what happened."""
        return f"{self.first.state}: {self.first.message}"


def cause_of(outcome: Outcome) -> Key:
    """Say what is alike in all that was not done for one cause: all but names, values and ids."""
    words = _ADDRESS.sub("…", _VALUE.sub("…", outcome.message or ""))
    kind = "" if outcome.state is State.SKIPPED else outcome.change.kind
    return kind, outcome.state, words


def causes_of(outcomes: Iterable[Outcome]) -> tuple[Cause, ...]:
    """Put what was not done together by kind, state and reason, whatever row it names."""
    found: dict[Key, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.state is not State.DONE:
            found.setdefault(cause_of(outcome), []).append(outcome)
    return tuple(Cause(same[0], len(same)) for same in found.values())
