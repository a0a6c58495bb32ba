"""What became of a change."""

from dataclasses import dataclass
from enum import StrEnum

from ..plan.change import Change


class State(StrEnum):
    """How a change ended.

    ``stale``: the live row is no longer what the plan saw, so it was left alone.
    ``skipped``: something it depends on was not done, or the run was stopped before.
    """

    DONE = "done"
    FAILED = "failed"
    STALE = "stale"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change and how it ended; ``message`` says why not, or how, ``id`` whose row it is.

    ``taken`` are the columns of which another row has the value, where that is why it was refused.
    """

    change: Change
    state: State
    id: str | None = None
    message: str | None = None
    hint: str | None = None
    taken: frozenset[str] = frozenset()


def done(change: Change, row_id: str | None = None, *, note: str | None = None) -> Outcome:
    """Say that a change is done; ``note`` says what is remarkable about it."""
    same = not row_id or row_id == change.id  # one text is kept, not two
    return Outcome(change, State.DONE, change.id if same else row_id, note)


def failed(change: Change, message: str, hint: str | None = None) -> Outcome:
    """Say that a change was refused."""
    return Outcome(change, State.FAILED, change.id, message, hint)


def stale(change: Change, message: str) -> Outcome:
    """Say that a row was left alone because it is not what the plan saw."""
    return Outcome(change, State.STALE, change.id, message, "run plan again and look at it")


def skipped(change: Change, message: str, hint: str | None = None) -> Outcome:
    """Say that a change was not tried."""
    hint = hint or "apply again once that is mended"
    return Outcome(change, State.SKIPPED, change.id, message, hint)


def stopped(change: Change) -> Outcome:
    """Say that a change was not tried because somebody stopped the run."""
    return skipped(change, "the run was stopped before", "apply again to go on")
