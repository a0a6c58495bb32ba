"""How one organization ended, as data: a task never raises. And how all of them did."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal, NotRequired, Self, TypedDict, cast

from ..diagnostics import (
    PartialApplyError,
    Problem,
    ProblemsError,
    ReconcilerError,
    StaleError,
)
from ..plan.change import Action
from ..plan.shape import PlanDocument
from ..values.column import JSON
from .members import Member
from .tasks import WRITING, Task

State = Literal[
    "done", "unchanged", "pending", "refused", "failed", "not started", "stopped", "skipped"
]
"""How an organization ended.

``pending``: it is not as the YAML says; ``refused``: a plan lacks a consent, breaks a policy or is
stale; ``failed``: writing began and did not finish, or a verb that only reads went wrong; ``not
started``: it went wrong before anything was written; ``stopped``: somebody stopped the run;
``skipped``: it was not begun, since others had gone wrong.
"""
WORST_FIRST = (130, 70, 5, 1, 4, 3, 6, 2, 0)
PARTLY = 5
INTERRUPTED = 130
UNEXPECTED = 70
_REFUSED = frozenset({3, 4})
MOST_TOLD = 1000
"""So many problems of one organization are told; the others are counted."""


class Told(TypedDict):
    """One problem of the YAML, or of the YAML and live rows, as ``validate --format json`` says."""

    file: str | None
    line: int | None
    column: int | None
    severity: str
    code: str
    message: str
    address: str | None
    hint: str | None


class Failure(TypedDict):
    """What went wrong; ``reasons`` are lines, ``problems`` have places."""

    message: str
    hint: str | None
    code: int
    reasons: NotRequired[list[str]]
    problems: NotRequired[list[Told]]


@dataclass(frozen=True, slots=True)
class Result:
    """How one organization ended.

    ``code`` is the exit code of the single command; ``counts`` the changes by action;
    ``outcomes`` how many of them ended in which way; ``likeness`` is the same for plans that do the
    same; ``wrote`` tells that the server did, or may have done, any of it; ``runs`` are the names
    of the journals; ``notes`` and ``warnings`` are for people.
    """

    name: str
    organization: str
    code: int
    state: State
    wave: str = ""
    plan: PlanDocument | None = None
    digest: str | None = None
    likeness: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    error: Failure | None = None
    warnings: tuple[Told, ...] = ()
    notes: tuple[str, ...] = ()
    wrote: bool = False
    runs: tuple[str, ...] = ()
    seconds: float = 0.0
    requests: int = 0

    @property
    def changes(self) -> int:
        """How many changes its plan has."""
        return sum(self.counts.get(action, 0) for action in CHANGING)

    def as_document(self) -> dict[str, JSON]:
        """Write it as JSON."""
        return cast("dict[str, JSON]", {k: getattr(self, k) for k in self.__slots__})

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read what :meth:`as_document` wrote."""
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in document.items()}
        return cls(**values)  # type: ignore[arg-type]  # as it was written

    def without_plan(self) -> "Result":
        """Give the same without its plan, which may be large."""
        return replace(self, plan=None) if self.plan else self


CHANGING = tuple(action.value for action in Action if action is not Action.NO_OP)
"""The actions that change something, as plans count them."""


@dataclass(frozen=True, slots=True)
class FleetReport:
    """How all organizations ended, in the order of the fleet; ``run`` names a run that wrote."""

    results: tuple[Result, ...]
    verb: str
    run: str | None = None

    @property
    def exit_code(self) -> int:
        """The exit code of all together."""
        return exit_code(self.results)

    @property
    def changes(self) -> bool:
        """Tell whether any plan has a change."""
        return any(one.changes for one in self.results)


def exit_code(results: Iterable[Result]) -> int:
    """Give the worst code; where something was written and anything else went wrong, that is 5."""
    results = tuple(results)
    codes = {one.code for one in results}
    worst = next((code for code in WORST_FIRST if code in codes), max(codes, default=0))
    worse = WORST_FIRST[: WORST_FIRST.index(PARTLY)]
    if worst and worst not in worse and any(one.wrote for one in results):
        return PARTLY
    return worst


@contextmanager
def after_writing(report: FleetReport) -> Iterator[None]:
    """Say of what goes wrong after the writing that the writing is done."""
    try:
        yield
    except (ReconcilerError, OSError) as error:
        if report.run is None:
            raise
        why = error.message if isinstance(error, ReconcilerError) else error.strerror
        hint = error.hint if isinstance(error, ReconcilerError) else None
        message = f"run {report.run} has ended; what comes after it was not done: {why}"
        raise PartialApplyError(message, hint=hint) from error


def failed(task: Task, error: ReconcilerError, *, wrote: bool = False) -> Result:
    """Make the result of an error that people know."""
    failure: Failure = {"message": error.message, "hint": error.hint, "code": error.exit_code}
    if isinstance(error, StaleError):
        failure["reasons"] = list(error.reasons[:MOST_TOLD])
    if isinstance(error, ProblemsError):
        failure["problems"] = [told(one) for one in error.problems[:MOST_TOLD]]
    return _ended(task, PARTLY if wrote else error.exit_code, failure, wrote=wrote)


def unexpected(task: Task, what: str, *, wrote: bool = False) -> Result:
    """Make the result of an error of our own; ``what`` holds no value."""
    failure: Failure = {"message": what, "hint": "run the single command on it", "code": UNEXPECTED}
    return _ended(task, PARTLY if wrote else UNEXPECTED, failure, wrote=wrote)


def not_begun(member: Member, wave: str, *, interrupted: bool) -> Result:
    """Make the result of an organization whose turn did not come."""
    code, state = (INTERRUPTED, "stopped") if interrupted else (1, "skipped")
    return Result(member.name, member.organization, code, cast("State", state), wave)


def _ended(task: Task, code: int, failure: Failure, *, wrote: bool) -> Result:
    state: State = "not started" if task.verb in WRITING and not wrote else "failed"
    if code in _REFUSED:
        state = "refused"
    elif code == INTERRUPTED:
        state = "stopped"
    return Result(task.name, task.organization, code, state, task.wave, error=failure, wrote=wrote)


def told(problem: Problem) -> Told:
    """Write a problem as data."""
    place = problem.position
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "address": problem.address,
        "hint": problem.hint,
    }
