"""Replace files of folders together: all of them, or none, or the next run does the rest.

written aside → a list of them, which says that all are there → moved one by one → taken away

What is stopped before the list is there never happened. After that the files lie ready: until the
moving is finished, nobody reads the folder (the loader refuses it), and the next run finishes it
first.

Where several folders change together, each has its files aside and a list of them, which names
the folder that leads. The list of that one comes last, and decides for all. Its files are moved
last, too: so a list that names a leader always finds out there what became of it.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..configuration.load.files import UNFINISHED, UNFINISHED_LIST
from ..diagnostics import UsageError
from ..files import leads_outside
from .finishing import finish_stopped, move, opened
from .listing import FILES, Listed, digest, sync, write_list

__all__ = ["Changes", "Stage", "finish_stopped", "opened", "replace_together", "staged"]


@dataclass(slots=True)
class Stage:
    """Where to write files first; ``gone`` are those of the folder to take away, by name."""

    folder: Path
    gone: list[str] = field(default_factory=list)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Give a place to write into; when the block ends well, its files go where they belong."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    finish_stopped(folder)
    aside = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        stage = Stage(aside / FILES)
        stage.folder.mkdir()
        yield stage
        write_list(aside, _list(folder, aside, stage.gone))
        move(folder, aside)
    finally:
        if not (aside / UNFINISHED_LIST).exists():
            shutil.rmtree(aside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it holds something, as it should
                folder.rmdir()


@dataclass(slots=True)
class Changes:
    """What shall change in a folder: new contents by path, and files to take away."""

    files: dict[Path, bytes] = field(default_factory=dict)
    gone: list[Path] = field(default_factory=list)

    def put(self, path: Path, text: str) -> None:
        """Let a file hold a text; one that holds nothing goes, or never comes."""
        if text:
            self.files[path] = text.encode()
        elif path.exists():
            self.gone.append(path)


def replace_together(folders: Mapping[Path, Changes]) -> None:
    """Change files of several folders, all or none; links stay links. The first folder leads.

    Raises UsageError where they cannot be written.
    """
    changed = {folder: one for folder, one in folders.items() if one.files or one.gone}
    if not changed:
        return
    for folder in changed:
        finish_stopped(folder)
    asides: dict[Path, Path] = {}
    try:
        for folder, changes in changed.items():
            asides[folder] = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
            _put_aside(folder, asides[folder], changes)
        _list_together(asides, changed)
    except BaseException as error:
        if any((aside / UNFINISHED_LIST).exists() for aside in asides.values()):
            raise
        for aside in asides.values():
            shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, OSError):
            raise _cannot_be_written(error, changed) from error
        raise
    leader, *others = asides
    for folder in (*others, leader):
        move(folder, asides[folder])


def _put_aside(folder: Path, aside: Path, changes: Changes) -> None:
    real_folder = folder.resolve()
    (aside / FILES).mkdir()
    for path, data in changes.files.items():
        _check_inside(path, folder)
        real = path.resolve()
        new = aside / FILES / real.relative_to(real_folder)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        if real.exists():
            shutil.copymode(real, new)


def _list_together(asides: Mapping[Path, Path], changed: Mapping[Path, Changes]) -> None:
    """Write the list of each folder, and that of the first one last: it decides for all."""
    lists = {
        folder: _list(folder, aside, [str(p.relative_to(folder)) for p in changed[folder].gone])
        for folder, aside in asides.items()
    }
    leader, *others = asides
    for folder in others:
        part = replace(lists[folder], leader=str(asides[leader].resolve()))
        write_list(asides[folder], part)
    parts = tuple(str(asides[folder].resolve()) for folder in others)
    write_list(asides[leader], replace(lists[leader], parts=parts))


def _list(folder: Path, aside: Path, gone: Iterable[str]) -> Listed:
    """Say what is there, once it is on the disk, and what the files are that it replaces."""
    files = [path for path in (aside / FILES).rglob("*") if path.is_file()]
    for path in files:
        sync(path)
    names = sorted(str(path.relative_to(aside / FILES)) for path in files)
    going = sorted(gone)
    for name in (*names, *going):
        _check_inside(folder / name, folder)
    before = {name: digest(folder / name) for name in names}
    return Listed(before, {name: digest(folder / name) for name in going})


def _check_inside(path: Path, folder: Path) -> None:
    if leads_outside(path, folder):
        raise OSError(errno.ELOOP, f"a link leads {path.name} out of the folder", str(path))


def _cannot_be_written(error: OSError, folders: Iterable[Path]) -> UsageError:
    named = error.filename or ", ".join(map(str, folders))
    message = f"{named} cannot be written: {error.strerror}"
    return UsageError(message, hint="nothing was changed")
