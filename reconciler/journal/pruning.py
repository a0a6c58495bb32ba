"""Which journals may go: they are the only copy of deleted rows, so none goes unasked."""

from collections.abc import Container, Iterator
from pathlib import Path

from ..diagnostics import UsageError
from .read import past_runs, read_run
from .records import PastRun

MUCH = 1024**3
"""So many bytes of journals are worth a word."""


def prune(folder: Path, keep: int, kinds: Container[str]) -> list[str]:
    """Remove all journals but the last ``keep`` and those that are needed; gives their names.

    Needed are runs that did not end, the last one that ``undo`` would take back, and runs that a
    kept undo refers to. What cannot be read stays. Raises OSError.
    """
    runs: dict[Path, PastRun] = {}
    for path in past_runs(folder):
        try:
            runs[path] = read_run(path, kinds)
        except UsageError:
            continue
    needed = set(_needed(runs, keep))
    for path in sorted(runs, reverse=True):  # a run that is referred to may itself be an undo
        if any(runs[other].undoes == runs[path].run for other in needed):
            needed.add(path)
    gone: list[str] = []
    for path, run in runs.items():
        if path not in needed:
            path.unlink(missing_ok=True)
            gone.append(run.run)
    return gone


def size_of(folder: Path) -> int:
    """Measure all journals in a folder, in bytes."""
    return sum(path.stat().st_size for path in past_runs(folder))


def _needed(runs: dict[Path, PastRun], keep: int) -> Iterator[Path]:
    newest_first = sorted(runs, reverse=True)
    yield from newest_first[:keep]
    yield from (path for path, run in runs.items() if not run.ended)
    seen: set[tuple[str, str]] = set()
    for path in newest_first:
        whose = (runs[path].organization, runs[path].stack)
        if runs[path].changed_something and whose not in seen:
            seen.add(whose)
            yield path
