"""One writer per folder, or per folder and organization: a lock that ends with its process.

The lock is the system's (``flock``) on ``.reconciler/lock``; what the file says of its holder is
for people only. A file that a killed process left behind locks nothing.
"""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson

from .diagnostics import UsageError
from .files import leads_outside

LOCK = Path(".reconciler") / "lock"
_PAUSE = 0.1
_MOST = 4096
_MOST_HOLDERS = 100


@contextmanager
def locked(
    folder: Path, command: str, *, patience: float = 0.0, tell: Callable[[str], None]
) -> Iterator[None]:
    """Hold the lock of a folder while the block lasts; waits for it up to ``patience`` seconds.

    Raises UsageError, saying who holds it, where it does not become free, and where a link would
    lead what is written beside the YAML out of the folder. Where the folder cannot be locked at
    all (it is read-only, or on a disk without locks) that is told, and nothing more.
    """
    with _held(folder, patience, tell) as handle:
        if handle is not None:
            _introduce(handle, command)
        yield


@contextmanager
def locked_together(
    folders: Iterable[Path],
    command: str,
    *,
    patience: float = 0.0,
    tell: Callable[[str], None],
) -> Iterator[None]:
    """Hold the locks of several folders, taken in one order: no two runs wait for each other.

    Raises as :func:`locked` does.
    """
    by_place = {folder.resolve(): folder for folder in folders}
    with ExitStack() as stack:
        for place in sorted(by_place):
            stack.enter_context(locked(by_place[place], command, patience=patience, tell=tell))
        yield


@contextmanager
def beside(folder: Path, *, patience: float = 0.0, tell: Callable[[str], None]) -> Iterator[None]:
    """Share a folder with runs of other organizations; a run that has all of it is excluded.

    Raises as :func:`locked` does.
    """
    with _held(folder, patience, tell, shared=True):
        yield


@contextmanager
def _held(
    folder: Path, patience: float, tell: Callable[[str], None], *, shared: bool = False
) -> Iterator[int | None]:
    """Hold the lock of a folder, and give its handle; None where it cannot be locked at all."""
    _check_links(folder)
    made = [one for one in (folder / LOCK).parents if not one.exists()]
    try:
        handle = _acquired(folder, patience, tell, shared=shared)
    except OSError as error:
        tell(f"{folder} cannot be locked ({error.strerror}): let no other run write there")
        yield None
        return
    try:
        yield handle
    finally:
        _let_go(handle, folder / LOCK)
        with suppress(OSError):  # what holds something stays
            for one in made:
                one.rmdir()


@contextmanager
def locked_for(
    folder: Path,
    organization: str,
    command: str,
    *,
    patience: float = 0.0,
    tell: Callable[[str], None],
) -> Iterator[None]:
    """Hold the lock of one organization in a folder; raises as :func:`locked` does."""
    own = organization_lock(organization)
    _check_links(folder, own.parent)
    with beside(folder, patience=patience, tell=tell):
        try:
            handle = _acquired(folder, patience, tell, own)
        except OSError:  # told already, of the folder
            yield
            return
        try:
            _introduce(handle, command)
            yield
        finally:
            with suppress(OSError):
                (folder / own).unlink()
            os.close(handle)
            with suppress(OSError):  # the locks of others may be there
                (folder / own).parent.rmdir()


def organization_lock(organization: str) -> Path:
    """Say where the lock of an organization is, below a folder."""
    return LOCK.parent / "locks" / organization


def _let_go(handle: int, path: Path) -> None:
    """Let go of a lock, which others may share; whoever is the last takes the file away."""
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    os.close(handle)


def _check_links(folder: Path, *more: Path) -> None:
    """A journal holds rows of guests: a link in a pull request must not carry it elsewhere."""
    own = (folder / LOCK.parent, folder / LOCK.parent / "journal")
    for path in (*own, *(folder / one for one in more)):
        if leads_outside(path, folder):
            raise UsageError(
                f"{path} is a link that leads out of the folder; nothing was changed",
                hint="take the link away; apply and undo keep journals elsewhere with --journal",
            )


def _acquired(
    folder: Path,
    patience: float,
    tell: Callable[[str], None],
    lock: Path = LOCK,
    *,
    shared: bool = False,
) -> int:
    """Open and lock the file; answers its handle."""
    # whoever shared it last holds it for a moment alone, to take the file away
    until = time.monotonic() + max(patience, _PAUSE * 5 if shared else 0)
    waiting = patience <= 0
    while (handle := _try(folder / lock, shared=shared)) is None:
        holder = _holder(folder / lock)
        if time.monotonic() >= until:
            raise UsageError(
                f"another run writes in {folder}: {holder}; nothing was changed",
                hint="wait until it has ended, or let this one wait: --lock-timeout SECONDS",
            )
        if not waiting:
            tell(f"waiting up to {patience:g} s for {holder}")
        waiting = True
        time.sleep(_PAUSE)
    return handle


def _try(path: Path, *, shared: bool = False) -> int | None:
    """Lock the file that has the name now; None where another process has."""
    how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    for _ in range(_MOST_HOLDERS):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except FileNotFoundError:
            continue  # its holder ended, and took the folder away, between the two steps
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except OSError:
            os.close(handle)
            raise
        if _is(path, handle):
            return handle
        os.close(handle)  # its holder ended, and took the file away, between the two steps
    return None


def _is(path: Path, handle: int) -> bool:
    """Tell whether the file still has its name: the holder before takes it away at its end."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _introduce(handle: int, command: str) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    host = socket.gethostname()
    who = {"pid": os.getpid(), "host": host, "command": command, "started": started}
    with suppress(OSError):  # a full disk: the lock holds all the same
        os.ftruncate(handle, 0)
        os.pwrite(handle, orjson.dumps(who) + b"\n", 0)


def _holder(path: Path) -> str:
    """Say who holds the lock, as far as the file tells."""
    try:
        with path.open("rb") as file:
            who = orjson.loads(file.read(_MOST))
        return (
            f"reconciler {who['command']}, process {int(who['pid'])} on {who['host']},"
            f" since {who['started']}"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "a run that has just begun"
