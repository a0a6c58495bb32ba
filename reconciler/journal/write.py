"""What a run was about to do and did, written down before and after each write request.

One file per run, JSON Lines, readable by its owner only: the lines hold whole rows as they were.
A line that ends in the middle of itself (the machine went down) is the last one and is ignored.

The requests in flight share one sync of the disk, and none is sent before its intent is there. An
outcome is given to the system at once, which outlives the program. It waits for the disk only where
nothing else names the row that was made: where the machine goes down, an intent may stand without
its outcome, and whoever undoes the run looks at the row.

============  ====================================================================
``run``       the first line: which stack, organization and plan, and when
``intent``    before a write request: its changes, with the rows as they were
``outcome``   after it: which rows the server answered, or how it refused
``end``       the last line of a run that came to its end
============  ====================================================================
"""

import asyncio
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ..bindings import Binding
from ..diagnostics import UsageError
from ..files import write_file
from ..plan.change import Action, Change
from ..plan.model import Plan
from ..values.address import Address
from ..values.column import JSON
from ..values.jsontext import dumps
from ..values.sent import Row
from .records import FORMAT_VERSION, Answer

_sync_data = getattr(os, "fdatasync", os.fsync)  # not every system has the quick one


class Journal:
    """Writes the journal of one run; a line is with the system before the method returns."""

    def __init__(self, folder: Path, plan: Plan, *, undoes: str | None = None) -> None:
        started = datetime.now(UTC)
        self.run = f"{started:%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"  # names sort by time
        self.path = folder / f"{self.run}.jsonl"
        self._header: dict[str, JSON] = {
            "type": "run",
            "format_version": FORMAT_VERSION,
            "run": self.run,
            "stack": plan.stack,
            "organization": plan.organization,
            "configuration": plan.configuration,
            "started": started.isoformat(timespec="seconds"),
            "undoes": undoes,
        }
        self.stopped = False
        self._file: BinaryIO | None = None
        self._broken: OSError | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._written = 0
        self._synced = 0
        self._requests = 0

    def __enter__(self) -> Self:
        """Make the file; raises UsageError where it cannot be made."""
        try:
            _make_private(self.path.parent)
            self._file = _begun(self.path, self._header)
        except OSError as error:
            raise UsageError(
                f"the journal {self.path} cannot be written: {error.strerror}",
                hint="make it writable, or name another with --journal; nothing was changed",
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; the end is written only where the run came to it."""
        assert self._file is not None
        with suppress(OSError):  # a journal without an end is that of a run that was cut off
            if kind is None:
                self._put({"type": "end", **({"stopped": True} if self.stopped else {})})
                self._flush()
            os.fsync(self._file.fileno())
        with suppress(OSError):
            self._file.close()

    async def intend(
        self,
        changes: Sequence[Change],
        bodies: Sequence[Mapping[str, JSON]],
        bindings: Mapping[Address, Binding],
        *,
        matching: Sequence[str] = (),
    ) -> int:
        """Write on the disk what a request is about to do; answers the number of the request.

        Raises OSError where that cannot be done; nothing more can be written down then.
        ``matching`` are the ids of rows that might be taken for one that the server will number.
        """
        self._requests += 1
        number = self._requests
        bound = _bound(changes, bindings)
        rows = [
            {
                "kind": change.kind,
                "action": change.action,
                "address": str(change.address) if change.address else None,
                "id": change.id,
                "before": change.row,
                "after": body,
                "binding": binding,
                "matching": matching,
            }
            for change, body, binding in zip(changes, bodies, bound, strict=True)
        ]
        self._put({"type": "intent", "request": number, "changes": rows})
        await self.sync()
        return number

    async def conclude(
        self,
        request: int,
        answer: Answer,
        stored: Sequence[Row] | None = None,
        *,
        names_alone: bool = False,
    ) -> None:
        """Write down how a request ended, with the rows that were answered; raises OSError.

        ``names_alone`` tells that nothing else names a row that was made: it is on the disk then.
        """
        self._put({"type": "outcome", "request": request, "answer": answer, "stored": stored})
        self._flush()
        if names_alone:
            await self.sync()

    async def sync(self) -> None:
        """Wait until all lines so far are on the disk; raises OSError where they are not."""
        if self._synced == self._written:
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        if self._syncing is None:
            self._syncing = asyncio.create_task(self._sync_all())
        await place

    def _put(self, line: Mapping[str, object]) -> None:
        assert self._file is not None
        with self._unbroken():
            self._file.write(dumps(line) + b"\n")
        self._written += 1

    def _flush(self) -> None:
        assert self._file is not None
        with self._unbroken():
            self._file.flush()

    async def _sync_all(self) -> None:
        """Sync the disk once for all who wait now; whoever comes meanwhile waits for the next."""
        try:
            while self._waiting:
                together, self._waiting = self._waiting, []
                error = await self._sync_once()
                for place in together:
                    if place.done():  # who waited was cancelled
                        continue
                    if error:
                        place.set_exception(error)
                    else:
                        place.set_result(None)
        finally:
            self._syncing = None

    async def _sync_once(self) -> Exception | None:
        assert self._file is not None
        try:
            self._flush()
            reached = self._written
            with self._unbroken():
                await asyncio.to_thread(_sync_data, self._file.fileno())
        except Exception as error:  # of any kind: who waits for ever hears of nothing
            return error
        self._synced = reached
        return None

    @contextmanager
    def _unbroken(self) -> Iterator[None]:
        """Write nothing more after an error: half a line may stand at the end."""
        if self._broken:
            raise self._broken
        try:
            yield
        except OSError as error:
            self._broken = error
            raise


_NAMED_ANEW = frozenset({Action.ADOPT, Action.RENAME})


def _bound(changes: Sequence[Change], bindings: Mapping[Address, Binding]) -> Iterator[JSON]:
    """Say what the bindings hold of each change's row before it is executed."""
    named_anew = any(change.action in _NAMED_ANEW for change in changes)
    held = {(a.kind, b.id): a for a, b in bindings.items()} if named_anew else {}
    for change in changes:
        address = change.address
        if change.action in _NAMED_ANEW:  # another address may have it yet
            address = held.get((change.kind, str(change.id)))
        binding = bindings.get(address) if address else None
        yield {"address": str(address), **asdict(binding)} if binding else None


def _begun(path: Path, header: Mapping[str, JSON]) -> BinaryIO:
    """Make a journal with its first line in it: there never is one without."""
    write_file(path, dumps(header) + b"\n", mode=0o600, new=True)
    return path.open("ab")


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not any(folder.iterdir()):  # where people keep other things, git is to see them
        write_file(folder / ".gitignore", b"*\n")
