"""Move what is ready to its place; what a stopped run has ready, too."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..configuration.load.files import (
    UNFINISHED,
    UNFINISHED_LIST,
    UNFINISHED_PART,
    is_unfinished,
)
from ..diagnostics import UsageError
from ..files import ASIDE
from ..locking import locked_together
from .listing import FILES, Listed, digest, list_file, not_ours, read_list, sync

FINISHED = "a run that was stopped had its files ready; they are in place now"
TAKEN_BACK = "a run that was stopped had not all its files ready; nothing of it was done"
_OURS = frozenset({FILES, UNFINISHED_LIST, UNFINISHED_PART})


def finish_stopped(folder: Path) -> bool:
    """Finish what a run that was stopped has ready, and take away what it has not.

    That is done in all the folders that it changes together. Raises UsageError where somebody has
    changed one of its files since, or where the folder that decides is not there any more.
    """
    finished = False
    for aside in sorted(folder.glob(f"{UNFINISHED}*")):
        try:
            finished |= _settle(aside)
        except OSError as error:
            raise not_ours(aside) from error
    return finished


@contextmanager
def opened(
    folders: Iterable[Path], command: str, *, patience: float, tell: Callable[[str], None]
) -> Iterator[None]:
    """Hold the locks of folders while the block lasts; what was stopped there is finished first.

    ``tell`` hears of that, and of locks that are waited for.
    """
    places = list(dict.fromkeys(folders))
    with locked_together(places, command, patience=patience, tell=tell):
        for folder in places:
            was_ready = is_unfinished(folder)  # what never was ready goes without a word
            finished = finish_stopped(folder)
            if was_ready:
                tell(f"Note: {folder}: {FINISHED if finished else TAKEN_BACK}")
        yield


def move(folder: Path, aside: Path) -> None:
    """Put what is ready in its place, and take the rest away."""
    listed = read_list(aside)
    try:
        for name in listed.files:
            new = aside / FILES / name
            if new.exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                new.replace(folder / name)
        for name in listed.gone:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        message = f"the files of {folder} could not all be put in place: {error.strerror}"
        hint = "fix that, then run it again: the next run puts the rest in place"
        raise UsageError(message, hint=hint) from error
    sync(folder)
    list_file(aside).unlink()
    shutil.rmtree(aside, ignore_errors=True)


def _settle(aside: Path) -> bool:
    """Finish what is ready, and say so; take it away where it is not."""
    if (aside / UNFINISHED_LIST).exists():
        _finish(aside)
        return True
    if (aside / UNFINISHED_PART).exists() and (leader := _leader_of(aside)).exists():
        _finish(leader.parent)
        return True
    if _is_ours(aside):
        shutil.rmtree(aside, ignore_errors=True)
    return False


def _finish(leader: Path) -> None:
    """Move what is ready in a folder, and before it what is ready with it elsewhere."""
    parts = map(Path, read_list(leader).parts)
    waiting = [part for part in parts if (part / UNFINISHED_PART).exists()]
    for part in waiting:
        named = read_list(part).leader
        if named is None or Path(named).resolve() != leader.resolve():
            raise not_ours(leader)
    asides = [*waiting, leader]
    for aside in asides:
        _check_unchanged(aside, read_list(aside))
    for aside in asides:
        move(aside.parent, aside)


def _leader_of(aside: Path) -> Path:
    """Give the list that decides about a part; raises UsageError where nobody can tell."""
    named = read_list(aside).leader
    if named is None:
        raise not_ours(aside)
    leader = Path(named)
    if not leader.parent.exists():
        raise UsageError(
            f"{aside.parent} was changed together with {leader.parent}, which is not there",
            hint=f"put that folder back; or take {aside} away to keep what is here",
        )
    return leader / UNFINISHED_LIST


def _check_unchanged(aside: Path, listed: Listed) -> None:
    folder = aside.parent
    for name, was in listed.files.items():
        if (aside / FILES / name).exists() and digest(folder / name) != was:
            raise UsageError(
                f"{folder / name} was changed since a run was stopped that had a new one ready",
                hint=f"take {aside} away to keep what is there, or {folder / name} to have the new",
            )
    for name, was in listed.gone.items():
        if digest(folder / name) not in (was, None):
            raise UsageError(
                f"{folder / name} was changed since a run was stopped that was to take it away",
                hint=f"take {aside} away to keep what is there, or {folder / name} to lose it",
            )


def _is_ours(aside: Path) -> bool:
    """Tell whether nothing is there but what a run puts there: people may use such a name."""
    if aside.is_symlink() or not aside.is_dir():
        return False
    return all(one.name in _OURS or one.name.endswith(ASIDE) for one in aside.iterdir())
