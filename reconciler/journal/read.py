"""Read the journals of past runs."""

from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from ..bindings import Binding
from ..catalogue import load_kinds, schema_folder
from ..diagnostics import UsageError
from ..plan.change import Action
from ..values.address import Address
from ..values.column import JSON
from ..values.jsontext import loads
from ..values.sent import Row
from .records import FORMAT_VERSION, Answer, JournalEntry, PastRun


def past_runs(folder: Path) -> list[Path]:
    """List the journals in a folder, oldest first."""
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def creates_in_doubt(
    folder: Path, organization: str, stack: str, kinds: Container[str], *, but: str
) -> list[JournalEntry]:
    """Find the last creates of rows that the server numbers, in case their ids were not bound.

    Looks back until a run that came to its end, and leaves the run ``but`` out. Raises UsageError.
    """
    begun: list[JournalEntry] = []
    for path in reversed(past_runs(folder)):
        if path.stem == but:
            continue
        run = read_run(path, kinds)
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


def read_run(path: Path, kinds: Container[str] | None = None) -> PastRun:
    """Read a journal back; raises UsageError where it is none or of a newer format.

    ``kinds`` are those that it may be about, without it the shipped ones.
    """
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
    _check_shape(path, lines, load_kinds() if kinds is None else kinds)
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


def _check_shape(path: Path, lines: Sequence[Mapping[str, JSON]], kinds: Container[str]) -> None:
    """Refuse lines that are not as documented, or about kinds that nobody knows."""
    from jsonschema_rs import validator_for

    schema = (schema_folder() / "journal.schema.json").read_text("utf-8")
    judge = validator_for(schema)
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


def _entries(lines: Sequence[Mapping[str, JSON]]) -> Iterator[JournalEntry]:
    outcomes = {line["request"]: line for line in lines if line["type"] == "outcome"}
    for line in lines:
        if line["type"] != "intent":
            continue
        outcome = outcomes.get(line["request"], {})
        changes = cast("list[dict[str, JSON]]", line["changes"])
        stored = cast("list[Row | None] | None", outcome.get("stored")) or [None] * len(changes)
        for change, row in zip(changes, stored, strict=True):
            yield _entry(change, row, cast("Answer | None", outcome.get("answer")))


def _entry(change: Mapping[str, JSON], stored: Row | None, answer: Answer | None) -> JournalEntry:
    address = cast("str | None", change["address"])
    kind = str(change["kind"])
    binding = cast("dict[str, str] | None", change.get("binding"))
    return JournalEntry(
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
