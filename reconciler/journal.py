"""What a run was about to do and did, written down before and after each write request.

One file per run, JSON Lines, readable by its owner only: the lines hold whole rows as they were.
A line that ends in the middle of itself (the machine went down) is the last one and is ignored.

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
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, Self, cast

from .bindings import Binding
from .change import Action, Change, Row
from .errors import UsageError
from .files import write_file
from .jsontext import dumps, loads
from .kind import JSON, load_kinds, schema_folder
from .plan import Plan
from .resource import Address

FORMAT_VERSION = 1
DEFAULT_FOLDER = Path(".reconciler") / "journal"

_sync_data = getattr(os, "fdatasync", os.fsync)  # not every system has the quick one

Answer = Literal["done", "missed", "refused", "lost"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one write request, as it was written down.

    ``before`` is the live row as it was read (None for a create), ``after`` what was sent,
    ``stored`` what the server answered of the row. ``answer`` is None where the run ended before.
    ``binding`` is what the bindings held of the row, under the address ``bound_as``.
    """

    kind: str
    action: Action
    address: Address | None
    id: str | None
    before: Row | None
    after: Row
    stored: Row | None
    answer: Answer | None
    binding: Binding | None
    bound_as: Address | None
    matching: frozenset[str] = frozenset()

    @property
    def may_be_done(self) -> bool:
        """Tell whether the server may have done it."""
        return self.answer not in {"refused", "missed"}


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was read back: what it was, how it ended, and its entries in order.

    One that was ``stopped`` came to its end, but left out what it had not begun.
    """

    run: str
    stack: str
    organization: str
    started: str
    ended: bool
    undoes: str | None
    entries: tuple[Entry, ...]
    stopped: bool = False

    @property
    def changed_something(self) -> bool:
        """Tell whether the server may have done any of it."""
        return any(entry.may_be_done for entry in self.entries)


class Journal:
    """Writes the journal of one run; every line is on the disk before the method returns."""

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
        self._syncing = asyncio.Lock()
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
        """Write down what a request is about to do; answers the number of the request.

        Raises OSError where that cannot be done; nothing more can be written down then.
        ``matching`` are the ids of rows that might be taken for one that the server will number.
        """
        self._requests += 1
        bound = _bound(changes, bindings)
        rows = [
            {
                "kind": change.kind,
                "action": change.action.value,
                "address": str(change.address) if change.address else None,
                "id": change.id,
                "before": cast("JSON", change.row),
                "after": dict(body),
                "binding": binding,
                "matching": list(matching),
            }
            for change, body, binding in zip(changes, bodies, bound, strict=True)
        ]
        self._put({"type": "intent", "request": self._requests, "changes": cast("JSON", rows)})
        number = self._requests
        await self._sync()
        return number

    async def conclude(
        self, request: int, answer: Answer, stored: Sequence[Row] | None = None
    ) -> None:
        """Write down how a request ended, with the rows that were answered; raises OSError."""
        rows = None if stored is None else [dict(row) for row in stored]
        line: dict[str, JSON] = {"type": "outcome", "request": request, "answer": answer}
        self._put({**line, "stored": cast("JSON", rows)})
        await self._sync()

    def _put(self, line: Mapping[str, JSON]) -> None:
        assert self._file is not None
        if self._broken:  # half a line stands at the end, and what follows it could not be read
            raise self._broken
        try:
            self._file.write(dumps(line) + b"\n")
            self._file.flush()
        except OSError as error:
            self._broken = error
            raise
        self._written += 1

    async def _sync(self) -> None:
        """Wait until all lines so far are on the disk; requests in flight share one sync."""
        assert self._file is not None
        wanted = self._written
        async with self._syncing:
            if self._synced < wanted:
                reached = self._written
                await asyncio.to_thread(_sync_data, self._file.fileno())
                self._synced = reached


def past_runs(folder: Path) -> list[Path]:
    """List the journals in a folder, oldest first."""
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def begun_creates(folder: Path, organization: str, stack: str, *, but: str) -> list[Entry]:
    """Find the last creates of rows that the server numbers, in case their ids were not bound.

    Looks back until a run that came to its end, and leaves the run ``but`` out. Raises UsageError.
    """
    begun: list[Entry] = []
    for path in reversed(past_runs(folder)):
        if path.stem == but:
            continue
        run = read_run(path)
        if (run.organization, run.stack) != (organization, stack):
            continue
        begun += (
            entry
            for entry in run.entries
            if entry.action is Action.CREATE and entry.id is None and entry.may_be_done
        )
        if run.ended:
            break
    return begun


def read_run(path: Path) -> PastRun:
    """Read a journal back; raises UsageError where it is none or of a newer format."""
    try:
        lines = list(_lines(path))
    except OSError as error:
        raise UsageError(f"the journal {path} cannot be read: {error.strerror}") from error
    header = lines[0] if lines and isinstance(lines[0], dict) else {}
    if header.get("type") != "run":
        raise UsageError(f"{path} is not a journal", hint=_AWAY)
    version = header.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UsageError(f"{path} was written by a newer reconciler", hint="update reconciler")
    _check_shape(path, lines)
    return PastRun(
        run=str(header["run"]),
        stack=str(header["stack"]),
        organization=str(header["organization"]),
        started=str(header["started"]),
        ended=lines[-1].get("type") == "end",
        undoes=cast("str | None", header.get("undoes")),
        entries=tuple(_entries(lines)),
        stopped=bool(lines[-1].get("stopped")),
    )


def _check_shape(path: Path, lines: Sequence[Mapping[str, JSON]]) -> None:
    """Refuse lines that are not as documented, or about kinds that nobody knows."""
    from jsonschema_rs import validator_for

    schema = (schema_folder() / "journal.schema.json").read_text("utf-8")
    judge, kinds = validator_for(schema), load_kinds()
    changes: dict[JSON, int] = {}
    for number, line in enumerate(lines, 1):
        if not judge.is_valid(line):
            raise UsageError(f"{path}:{number} is no line of a journal as documented", hint=_AWAY)
        for change in cast("list[dict[str, JSON]]", line.get("changes", [])):
            if change["kind"] not in kinds:
                raise UsageError(f"{path}:{number}: there is no kind {change['kind']}", hint=_AWAY)
        if line["type"] == "intent":
            changes[line["request"]] = len(cast("list[JSON]", line["changes"]))
        stored = cast("list[JSON] | None", line.get("stored"))
        if stored and len(stored) != changes.get(line["request"]):
            raise UsageError(f"{path}:{number} answers other rows than were sent", hint=_AWAY)


def _lines(path: Path) -> Iterator[dict[str, JSON]]:
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                content = loads(line)
            except ValueError as error:
                raise UsageError(f"{path} is damaged", hint=_AWAY) from error
            if not isinstance(content, dict):
                raise UsageError(f"{path} is damaged", hint=_AWAY)
            yield content


_AWAY = "move it out of the folder"


def _entries(lines: Sequence[Mapping[str, JSON]]) -> Iterator[Entry]:
    outcomes = {line["request"]: line for line in lines if line["type"] == "outcome"}
    for line in lines:
        if line["type"] != "intent":
            continue
        outcome = outcomes.get(line["request"], {})
        changes = cast("list[dict[str, JSON]]", line["changes"])
        stored = cast("list[Row | None] | None", outcome.get("stored")) or [None] * len(changes)
        for change, row in zip(changes, stored, strict=True):
            yield _entry(change, row, cast("Answer | None", outcome.get("answer")))


def _entry(change: Mapping[str, JSON], stored: Row | None, answer: Answer | None) -> Entry:
    address = cast("str | None", change["address"])
    kind = str(change["kind"])
    binding = cast("dict[str, str] | None", change.get("binding"))
    return Entry(
        kind=kind,
        action=Action(str(change["action"])),
        address=_address(kind, address),
        id=cast("str | None", change["id"]),
        before=cast("Row | None", change["before"]),
        after=cast("Row", change["after"]),
        stored=stored,
        answer=answer,
        binding=Binding(binding["id"], "owned" if binding["origin"] == "owned" else "adopted")
        if binding
        else None,
        bound_as=_address(kind, binding["address"]) if binding else None,
        matching=frozenset(cast("list[str]", change.get("matching") or [])),
    )


def _address(kind: str, text: str | None) -> Address | None:
    return Address(kind, text.removeprefix(f"{kind}.")) if text else None


def _bound(changes: Sequence[Change], bindings: Mapping[Address, Binding]) -> Iterator[JSON]:
    """Say what the bindings hold of each change's row before it is carried out."""
    named_anew = any(change.action in {Action.ADOPT, Action.RENAME} for change in changes)
    held = {(a.kind, b.id): a for a, b in bindings.items()} if named_anew else {}
    for change in changes:
        address = change.address
        if change.action in {Action.ADOPT, Action.RENAME}:  # another address may have it yet
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
