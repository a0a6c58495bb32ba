"""What a fleet run wrote down: which organizations it began with, and how each ended.

It names runs; what each of them did is in the journal of its organization. JSON Lines, one file
for each run, in a folder of its owner only. A line is with the system before the work goes on.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from ..diagnostics import UsageError
from ..files import write_file
from ..journal.read import past_runs
from ..values.column import JSON
from ..values.jsontext import dumps, loads
from .members import Fleet, Member, Turn
from .results import Result
from .tasks import WritingOf
from .words import MEMBERS

FORMAT_VERSION = 1
FLEET = "fleet"


class FleetJournal:
    """Writes down one run of a fleet; one that wrote nothing leaves nothing."""

    def __init__(
        self, folder: Path, verb: str, turns: Sequence[Turn], *, undoes: str | None = None
    ) -> None:
        """Make the file; raises UsageError where it cannot be made."""
        started = datetime.now(UTC)
        self.run = f"{started:%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"  # names sort by time
        self.wrote = False
        self._path = path = folder / f"{self.run}.jsonl"
        members = [
            {"name": one.name, "organization": one.organization, "wave": turn.wave}
            for turn in turns
            for one in turn.members
        ]
        header = {
            "type": "fleet-run",
            "format_version": FORMAT_VERSION,
            "run": self.run,
            "verb": verb,
            "started": started.isoformat(timespec="seconds"),
            "undoes": undoes,
            MEMBERS: members,
        }
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not any(folder.iterdir()):
                write_file(folder / ".gitignore", b"*\n")
            write_file(path, dumps(header) + b"\n", mode=0o600, new=True)
            self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
        except OSError as error:
            raise UsageError(
                f"the journal {path} cannot be written: {error.strerror}",
                hint="make it writable, or name another with --journal; nothing was changed",
            ) from error

    def __enter__(self) -> Self:
        """Write while the block lasts."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the end, where the run came to it."""
        if kind is None:
            self._put({"type": "end"})
        os.close(self._handle)
        if kind is None and not self.wrote:
            self._path.unlink(missing_ok=True)

    def began(self, name: str) -> None:
        """Write that an organization is about to begin."""
        self._put({"type": "began", "name": name})

    def ended(self, result: Result) -> None:
        """Write how an organization ended."""
        self.wrote = self.wrote or bool(result.runs) or result.wrote
        facts = {"name": result.name, "state": result.state, "code": result.code}
        self._put({"type": "ended", **facts, "wrote": result.wrote, "runs": result.runs})

    def _put(self, line: Mapping[str, object]) -> None:
        try:
            os.write(self._handle, dumps(line) + b"\n")
        except OSError:  # the journals of the organizations hold what matters
            return


def prune_fleet_runs(folder: Path, keep: int) -> int:
    """Remove all before the last ``keep`` that ended; gives how many. Raises OSError."""
    runs = fleet_runs(folder)
    ended = [number for number, run in enumerate(runs) if run.ended]
    gone = runs[: ended[-keep]] if len(ended) >= keep else ()
    for run in gone:
        (folder / FLEET / f"{run.run}.jsonl").unlink(missing_ok=True)
    return len(gone)


@dataclass(frozen=True, slots=True)
class Written:
    """A member of a past run: in which wave it was, and its runs there, the last one first."""

    name: str
    organization: str
    wave: str
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastFleetRun:
    """A fleet run that was read back: the members that were written to, in the order of waves."""

    run: str
    verb: str
    started: str
    ended: bool
    undoes: str | None
    members: tuple[Written, ...]

    def writing(self, base: WritingOf) -> WritingOf:
        """Say which runs of each member are taken back."""
        runs = {one.organization: one.runs for one in self.members}
        return lambda member: replace(base(member), runs=runs[member.organization])


def find_fleet_run(folder: Path, name: str | None) -> PastFleetRun:
    """Find a run by its name, or the last one that wrote anything; raises UsageError."""
    for run in _newest_first(folder):
        if run.run == name or (name is None and run.members):
            return run
    what = f"no fleet run {name}" if name else "no fleet run that changed anything"
    raise UsageError(
        f"there is {what} in {folder / FLEET}",
        hint="`reconciler fleet undo --list` shows the runs; --journal names another folder",
    )


def turns_back(
    run: PastFleetRun, fleet: Fleet, chosen: Sequence[Member], tell: Callable[[str], None]
) -> tuple[Turn, ...]:
    """Put the members that were written to into the waves of then, the last one first.

    ``tell`` hears of those that the fleet does not have any more.
    """
    known = {one.organization: one for one in chosen}
    there = {one.organization for one in fleet.members}
    for one in run.members:
        if one.organization not in there:
            tell(f"{one.name} is left out: {fleet.file} does not name it any more")
    turns = [
        Turn(wave, tuple(known[one.organization] for one in of if one.organization in known))
        for wave, of in groupby(run.members, lambda one: one.wave)
    ]
    return tuple(turn for turn in reversed(turns) if turn.members)


def fleet_runs(folder: Path) -> tuple[PastFleetRun, ...]:
    """Read all runs, oldest first; raises UsageError."""
    return tuple(reversed([*_newest_first(folder)]))


def _newest_first(folder: Path) -> Iterator[PastFleetRun]:
    following: dict[str, str] = {}
    for path in reversed(past_runs(folder / FLEET)):
        lines = [*_lines(path)]
        header = lines[0] if lines else {}
        version = header.get("format_version")
        if header.get("type") != "fleet-run" or version != FORMAT_VERSION:
            raise UsageError(f"{path} is no journal of a fleet run that this version reads")
        try:
            yield _read(lines, folder, following)
            for one in cast("list[dict[str, str]]", header[MEMBERS]):
                following[one["organization"]] = str(header["run"])
        except (KeyError, TypeError, AttributeError):
            raise UsageError(f"{path} is damaged", hint="move it elsewhere") from None


def _read(
    lines: Sequence[Mapping[str, JSON]], folder: Path, following: Mapping[str, str]
) -> PastFleetRun:
    """Read a run; ``following`` names the next one of each organization."""
    header = lines[0]
    run, ended = str(header["run"]), lines[-1].get("type") == "end"
    told = {str(one["name"]): one for one in lines if one["type"] == "ended"}
    begun = {str(one["name"]) for one in lines if one["type"] == "began"}
    members = []
    for one in cast("list[dict[str, str]]", header[MEMBERS]):
        name, organization = one["name"], one["organization"]
        runs: tuple[str, ...] = ()
        if name in told:
            runs = tuple(cast("list[str]", told[name]["runs"]))
        elif name in begun or not ended:
            runs = _between(folder / organization, run, following.get(organization))
        if runs:
            last_first = tuple(sorted(runs, reverse=True))
            members.append(Written(name, organization, one["wave"], last_first))
    undoes = cast("str | None", header["undoes"])
    verb, started = str(header["verb"]), str(header["started"])
    return PastFleetRun(run, verb, started, ended, undoes, tuple(members))


def _between(folder: Path, run: str, following: str | None) -> tuple[str, ...]:
    """Find what an organization's journal holds of a run that was killed before it could say."""
    names = (path.stem for path in past_runs(folder))
    return tuple(name for name in names if name > run and (following is None or name < following))


def _lines(path: Path) -> Iterator[dict[str, JSON]]:
    try:
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                content = loads(line)
                if not isinstance(content, dict):
                    raise ValueError
                yield content
    except (OSError, ValueError) as error:
        hint = "check its rights; if it is damaged, move it elsewhere"
        raise UsageError(f"the journal {path} cannot be read", hint=hint) from error
