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

    Needed are runs that did not end, as long as no later run of their stack did; the last one that
    ``undo`` would take back; runs that a kept undo refers to, and undos of a kept run that were cut
    off. What cannot be read stays. Raises UsageError where they cannot be removed.
    """
    try:
        return _pruned(folder, keep, kinds)
    except OSError as error:
        raise UsageError(f"journals in {folder} cannot be removed: {error.strerror}") from error


def _pruned(folder: Path, keep: int, kinds: Container[str]) -> list[str]:
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
    kept = {runs[path].run for path in needed}
    needed |= {path for path, run in runs.items() if run.undoes in kept and not run.ended}
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
    ended: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    for path in newest_first:
        run = runs[path]
        whose = (run.organization, run.stack)
        if run.ended:
            ended.add(whose)
        elif whose not in ended:
            yield path
        if run.changed_something and whose not in seen:
            seen.add(whose)
            yield path
