"""Who may write to an organization, where workers of several machines share a folder.

Each holder has a file with a number of its own, one higher than that of the last: it is made only
where there is none, so two can never hold the same. The holder renews its file, and looks at its
own clock before each write request. Others let a lease go by only after a time that is longer than
the holder's own, by the clock of the storage: so it does not matter whose clock is wrong.
"""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Self, cast

from ..diagnostics import NotSentError, UsageError
from ..files import sync_folder, write_file
from ..values.column import JSON
from ..values.jsontext import dumps, loads
from .holders import is_gone

SECONDS = 30.0
"""How long a holder may write after it renewed its lease."""
LONGEST = 86_400.0
_PAUSE = 0.5
_LARGEST = 4096
_SUFFIX = ".lease"


def now() -> float:
    """Give the seconds of a clock that nobody sets; where there is one, it counts sleep, too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Seen:
    """A lease as others see it: its number, who holds it, when it was renewed, for how long."""

    number: int
    holder: str
    renewed: float
    lasts: float
    released: bool

    @property
    def machine(self) -> str:
        """The machine of the holder."""
        return self.holder.partition(" ")[0]

    @classmethod
    def newest(cls, folder: Path) -> Self | None:
        """Look at the lease with the highest number; None where there is none. Raises OSError."""
        numbers = _numbers(folder)
        if not numbers:
            return None
        path = _path(folder, max(numbers))
        try:
            data, renewed = _read(path)
            facts = cast("dict[str, JSON]", loads(data))
            holder, lasts = str(facts["holder"]), float(str(facts["lasts"]))
            if not 0 <= lasts <= LONGEST:
                raise ValueError(lasts)
            return cls(max(numbers), holder, renewed, lasts, facts["released"] is True)
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"the lease {path} cannot be read; nothing was changed",
                hint="see that nobody writes to the organization, then remove the file",
            ) from error


class Lease:
    """The right to write to one organization for a while; a lost one never comes back."""

    def __init__(self, folder: Path, number: int, holder: str, seconds: float, grace: float):
        """Make the file; raises FileExistsError where another was faster, or OSError."""
        self.number = number
        self._folder = folder
        self._holder = holder
        self._seconds = seconds
        self._grace = grace
        self._over = False
        self._lock = Lock()
        self._until = now() + seconds
        _make(_path(folder, number), self._text())

    @property
    def lost(self) -> bool:
        """Tell whether nothing may be written any more."""
        newer = os.path.lexists(_path(self._folder, self.number + 1))
        return self._over or newer or now() >= self._until

    def check(self) -> None:
        """Raise NotSentError where the lease ran out, or another has one by now."""
        if self.lost:
            raise NotSentError(
                "the lease on the organization ran out, so nothing more was sent",
                hint="look at the shared storage, then apply again to go on",
            )

    def renew(self) -> None:
        """Write that it is held on; what cannot be written lets it run out."""
        with self._lock:
            began = now()
            if self.lost:
                return
            with suppress(OSError):
                write_file(_path(self._folder, self.number), self._text(), mode=0o600)
                self._until = began + self._seconds

    def release(self) -> None:
        """Let others have it at once, and remove what earlier holders left."""
        with self._lock, suppress(OSError):
            held, self._over = not self.lost, True
            if not held:
                return
            write_file(_path(self._folder, self.number), self._text(), mode=0o600)
            for number in _numbers(self._folder):
                if number < self.number:
                    _path(self._folder, number).unlink(missing_ok=True)

    def _text(self) -> bytes:
        lasts = self._seconds + self._grace
        expires = datetime.now(UTC) + timedelta(seconds=lasts)
        return dumps(
            {
                "holder": self._holder,
                "expires": expires.isoformat(timespec="seconds"),
                "lasts": lasts,
                "released": self._over,
            }
        )


@asynccontextmanager
async def leased(
    folder: Path,
    holder: str,
    *,
    seconds: float = SECONDS,
    grace: float,
    patience: float,
    tell: Callable[[str], None],
) -> AsyncIterator[Lease]:
    """Hold the lease of an organization while the block lasts.

    ``grace`` is how long a request of a holder may be on its way; others wait so much longer.
    Where a holder went away, its time is waited for; where it goes on, that is a UsageError.
    """
    try:
        await asyncio.to_thread(folder.mkdir, 0o700, parents=True, exist_ok=True)
        lease = await _taken(folder, holder, (seconds, grace), patience, tell)
    except OSError as error:
        raise UsageError(
            f"no lease can be taken in {folder}: {error.strerror}; nothing was changed",
            hint="make it writable for the workers, or name another with --journal",
        ) from error
    keeping = asyncio.create_task(_keep(lease, seconds / 3))
    try:
        yield lease
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await asyncio.to_thread(lease.release)


async def _taken(
    folder: Path,
    holder: str,
    times: tuple[float, float],
    patience: float,
    tell: Callable[[str], None],
) -> Lease:
    first = await asyncio.to_thread(Seen.newest, folder)
    until, told = now() + patience, False
    while True:
        seen = await asyncio.to_thread(Seen.newest, folder)
        number = seen.number if seen else 0
        left = await asyncio.to_thread(_left, folder, seen) if seen else 0.0
        if left <= 0:
            with suppress(FileExistsError):  # another was faster: it has the lease
                return await asyncio.to_thread(Lease, folder, number + 1, holder, *times)
            continue
        assert seen
        if (first is None or seen.renewed != first.renewed) and now() >= until:
            raise UsageError(
                f"another run writes to the organization, on {seen.machine}; nothing was changed",
                hint="wait for its end, or give --lock-timeout SECONDS",
            )
        if not told:
            told = True
            tell(f"a run on {seen.machine} has its lease; waiting up to {left:.0f} s")
        await asyncio.sleep(min(_PAUSE, left))


async def _keep(lease: Lease, pause: float) -> None:
    while not lease.lost:
        await asyncio.sleep(pause)
        await asyncio.to_thread(lease.renew)


def _make(path: Path, data: bytes) -> None:
    """Make a file whole, where there is none; nothing less than a hard link is sure of that."""
    aside = path.with_name(f".{secrets.token_hex(8)}.aside")
    write_file(aside, data, mode=0o600, new=True)
    try:
        os.link(aside, path)
    except FileExistsError:
        if aside.stat().st_nlink == 1:  # else it was done, and asked for twice on its way
            raise
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _read(path: Path) -> tuple[bytes, float]:
    """Read a file, and when it was written: a file that was just opened is not answered stale."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        return os.read(handle, _LARGEST), os.fstat(handle).st_mtime
    finally:
        os.close(handle)


def _left(folder: Path, seen: Seen) -> float:
    """Say how long a lease still lasts, by the clock of whoever stores the files."""
    if seen.released or is_gone(seen.holder):
        return 0.0
    probe = folder / f".{secrets.token_hex(8)}.probe"
    handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        return seen.renewed + seen.lasts - os.fstat(handle).st_mtime
    finally:
        os.close(handle)
        probe.unlink(missing_ok=True)


def _numbers(folder: Path) -> list[int]:
    names = (one.name.removesuffix(_SUFFIX) for one in folder.glob(f"*{_SUFFIX}"))
    return [int(name) for name in names if name.isdecimal()]


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:08}{_SUFFIX}"
