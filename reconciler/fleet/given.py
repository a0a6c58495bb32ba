"""A task that was given to a worker, and how it ended where the worker is gone: journals tell."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..diagnostics import UsageError
from ..journal.read import past_runs, read_run
from .results import Result, unexpected
from .tasks import WRITING, Task


class Given(NamedTuple):
    """A task, and the journals of its organization that were there before it."""

    task: Task
    before: frozenset[Path] = frozenset()

    @classmethod
    def now(cls, task: Task) -> "Given":
        """Look at the journals before a task begins: one of a killed run is none of it."""
        return cls(task, frozenset(_journals(task)))

    def died(self, code: int) -> Result:
        """Make the result of a task whose process died."""
        how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        return self.lost(f"its worker process {how}")

    def lost(self, why: str) -> Result:
        """Make the result of a task that nobody answers for."""
        begun = [path for path in _journals(self.task) if path not in self.before]
        wrote = any(_changed_something(path) for path in begun)
        runs = tuple(path.stem for path in begun)
        return replace(unexpected(self.task, why, wrote=wrote), runs=runs)


def _journals(task: Task) -> list[Path]:
    return past_runs(Path(task.writing.journal)) if task.verb in WRITING else []


def _changed_something(path: Path) -> bool:
    try:
        return read_run(path, None).changed_something
    except UsageError:  # of a kind that only the base knows, or damaged: nobody can say
        return True
