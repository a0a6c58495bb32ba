"""Write files whole or not at all: the one way in which files of people are made and replaced.

A file is written aside, in its own folder, under a name that nobody can guess; it is on the disk
before it takes its place. No symbolic link is followed: one could lead out of the folder. What a
killed process left aside is removed by the next that writes there; one that still runs holds a
lock on it, which ends with it.
"""

import errno
import fcntl
import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .diagnostics import UsageError

ASIDE = ".reconciler-new"
"""What the names of files end in that are not whole yet."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_TRIES = 10


@contextmanager
def replacing(path: Path, *, mode: int | None = None, new: bool = False) -> Iterator[BinaryIO]:
    """Give a file to write into; when the block ends well, it takes the place of ``path``.

    It gets the rights of the file that it replaces, else ``mode``, else the usual ones. ``new``
    means that nothing may be there yet. Raises OSError: FileExistsError where something is; and
    where a link or anything else but a file stands there.
    """
    before = _what_is_there(path)
    if before and new:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    _remove_leftovers(path.parent)
    aside, handle = _begin(path.parent, before, mode)
    with os.fdopen(handle, "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(handle)
            _place(aside, path, new=new)
        finally:
            aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_file(path: Path, data: bytes, *, mode: int | None = None, new: bool = False) -> None:
    """Write a file whole; options and errors as of :func:`replacing`."""
    with replacing(path, mode=mode, new=new) as file:
        file.write(data)


def cannot_write(what: str | Path, path: Path, error: OSError) -> UsageError:
    """Give the error of a file that could not be written, and what to do; ``what`` names it."""
    folder = path.parent
    if isinstance(error, FileNotFoundError):
        hint = f"its folder is not there; make it: mkdir -p {shlex.quote(str(folder))}"
    elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
        hint = f"make {folder} writable, or name another place"
    elif isinstance(error, NotADirectoryError):
        hint = f"{folder} is not a folder; name another place"
    else:
        hint = "fix that, or name another place"
    return UsageError(f"{what} cannot be written: {error.strerror}", hint=hint)


def read_file(path: Path, limit: int) -> bytes:
    """Read a file, and nothing that might never end; raises OSError where that is not possible."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB", str(path))
    return data


def check_replaceable(path: Path) -> None:
    """Raise OSError where a file could not be written later; leaves no trace."""
    aside, handle = _begin(path.parent, _what_is_there(path), None)
    os.close(handle)
    aside.unlink()


def leads_outside(path: Path, folder: Path) -> bool:
    """Tell whether links on the way lead a path out of its folder."""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath((real, root)) != root


def _what_is_there(path: Path) -> os.stat_result | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, "it is a symbolic link; name the file itself", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return found


def _begin(folder: Path, before: os.stat_result | None, mode: int | None) -> tuple[Path, int]:
    """Make the file aside, and lock it; somebody may take it for a leftover just before."""
    import secrets  # whoever only reads does not wait for it

    wanted = stat.S_IMODE(before.st_mode) if before else mode
    for _ in range(_TRIES):
        aside = folder / f".{secrets.token_hex(8)}{ASIDE}"
        handle = os.open(aside, _FLAGS, 0o666 if wanted is None else wanted & 0o600)
        with suppress(OSError):  # not every file system knows locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            break
        os.close(handle)
    else:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(aside))
    if before:
        with suppress(OSError):  # only root may give files away
            os.fchown(handle, before.st_uid, before.st_gid)
    if wanted is not None:
        os.fchmod(handle, wanted)
    return aside, handle


def _place(aside: Path, path: Path, *, new: bool) -> None:
    """Give the file its name; one that must be new never replaces another."""
    if new:
        try:
            os.link(aside, path)
        except FileExistsError:
            raise
        except OSError:  # not every file system knows two names of one file
            if os.path.lexists(path):
                raise
        else:
            return
    aside.replace(path)


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed processes left; what cannot be judged stays."""
    for left in folder.glob(f".*{ASIDE}"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
            finally:
                os.close(handle)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder outlive a machine that goes down."""
    with suppress(OSError):  # not every file system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
