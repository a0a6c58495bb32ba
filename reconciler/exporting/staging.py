"""Replace files of a folder together: all of them, or none, or the next run does the rest.

written aside → a list of them, which says that all are there → moved one by one → taken away

What is stopped before the list is there never happened. After that the files lie ready: until the
moving is finished, nobody reads the folder (the loader refuses it), and whoever writes it next
finishes it first.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from ..configuration.load.files import UNFINISHED, UNFINISHED_LIST
from ..diagnostics import UsageError
from ..files import leads_outside, write_file

_FILES = "files"


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
        stage = Stage(aside / _FILES)
        stage.folder.mkdir()
        yield stage
        _list(folder, aside, stage.gone)
        _move(folder, aside)
    finally:
        if not (aside / UNFINISHED_LIST).exists():
            shutil.rmtree(aside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it holds something, as it should
                folder.rmdir()


def replace_files(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write files of a folder, all or none; links stay links."""
    if not files:
        return
    real_folder = folder.resolve()
    with staged(folder) as stage:
        for path, data in files.items():
            _check_inside(path, folder)
            real = path.resolve()
            new = stage.folder / real.relative_to(real_folder)
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(data)
            if real.exists():
                shutil.copymode(real, new)


def finish_stopped(folder: Path) -> bool:
    """Finish what a run that was stopped has ready, and take away what it has not.

    Raises UsageError where somebody has changed one of its files since.
    """
    finished = False
    for aside in sorted(folder.glob(f"{UNFINISHED}*")):
        if (aside / UNFINISHED_LIST).exists():
            _check_unchanged(folder, aside)
            _move(folder, aside)
            finished = True
        else:
            shutil.rmtree(aside, ignore_errors=True)
    return finished


def _list(folder: Path, aside: Path, gone: Iterable[str]) -> None:
    """Say that all is there, and what the files were that it replaces."""
    files = [path for path in (aside / _FILES).rglob("*") if path.is_file()]
    for path in files:
        _sync(path)
    names = sorted(str(path.relative_to(aside / _FILES)) for path in files)
    were = {name: _digest(folder / name) for name in names}
    for name in names:
        _check_inside(folder / name, folder)
    write_file(aside / UNFINISHED_LIST, orjson.dumps({"files": were, "gone": list(gone)}))


def _move(folder: Path, aside: Path) -> None:
    listed = orjson.loads((aside / UNFINISHED_LIST).read_bytes())
    try:
        for name in listed["files"]:
            new = aside / _FILES / name
            if new.exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                new.replace(folder / name)
        for name in listed["gone"]:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        message = f"the files of {folder} could not all be put in place: {error.strerror}"
        hint = "fix that, then run it again: the next run puts the rest in place"
        raise UsageError(message, hint=hint) from error
    _sync(folder)
    (aside / UNFINISHED_LIST).unlink()
    shutil.rmtree(aside, ignore_errors=True)


def _check_unchanged(folder: Path, aside: Path) -> None:
    listed = orjson.loads((aside / UNFINISHED_LIST).read_bytes())
    for name, was in listed["files"].items():
        if (aside / _FILES / name).exists() and _digest(folder / name) != was:
            raise UsageError(
                f"{folder / name} was changed since a run was stopped that had a new one ready",
                hint=f"take {aside} away to keep what is there, or {folder / name} to have the new",
            )


def _check_inside(path: Path, folder: Path) -> None:
    if leads_outside(path, folder):
        raise OSError(errno.ELOOP, f"a link leads {path.name} out of the folder", str(path))


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _sync(path: Path) -> None:
    """Wait until a file, or what a folder holds, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
