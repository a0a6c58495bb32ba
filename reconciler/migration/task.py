"""One migration after its export: what is to be moved, and what people decided about it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import Bindings, bindings_path
from ..catalogue import Kind
from ..configuration.read import read_configuration
from ..diagnostics import UsageError
from ..exporting import Exported
from ..journal.read import past_runs, read_run
from ..journal.records import DEFAULT_FOLDER
from ..live.rows import read_whole_rows
from ..values.address import UUID_PATTERN, Address
from .ends import REPORT_FOLDER, Ends
from .exclude import LEFT, Moving, Skipped, exclude
from .sides import Sides
from .written import WrittenBefore, read_written


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people decided: rows and kinds to ``leave``, ``matches``, and ``theirs`` to win."""

    leave: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One migration after its export: what is to be moved, and what was decided and written."""

    folder: Path
    kinds: Mapping[str, Kind]
    names: frozenset[str]
    exported: Exported
    everything: Moving
    sides: Sides
    left: frozenset[Address]
    left_kinds: frozenset[str]

    @property
    def sources(self) -> dict[Address, str]:
        """The ids in the source of everything that was exported."""
        keys = self.exported.keys.items()
        return {Address(kind, key): i for kind, by_id in keys for i, key in by_id.items()}

    @property
    def unread(self) -> dict[str, str]:
        """The kinds of the source that could not be read, and that nobody leaves."""
        found = self.exported.unread.items()
        return {name: why for name, why in found if name not in self.left_kinds}

    def gone(self) -> Collection[Address]:
        """The rows that were moved, and that the source does not hold any more.

        Where rows of a kind are odd, nobody knows which: none of it counts as gone.
        """
        there = self.sources
        return {
            address
            for address in self.sides.written.rows
            if address not in there
            and address.kind not in self.exported.unread.keys() | self.exported.odd
            and (not self.names or address.kind in self.names)
        }


async def prepare(
    ends: Ends,
    kinds: Mapping[str, Kind],
    folder: Path,
    exported: Exported,
    wishes: Wishes,
    names: frozenset[str],
    environment: Mapping[str, str],
) -> Task:
    """Read what was exported and what is known of earlier runs; bind what people matched.

    ``environment`` may set variables of YAML that people wrote into ``folder``.
    """
    written = read_written(folder / REPORT_FOLDER)
    for path in past_runs(folder / DEFAULT_FOLDER):
        if path.stem > written.last_run:
            written.absorb(read_run(path, kinds), kinds)
    desired = read_configuration([folder], kinds, variables={}, environment=environment)
    everything = Moving(desired.configuration)
    addresses = everything.configuration.resources
    theirs = frozenset(_addresses(wishes.theirs, "--theirs", {*addresses, *written.rows}, kinds))
    left_kinds = frozenset(wishes.leave) & kinds.keys()
    rows = tuple(text for text in wishes.leave if text not in kinds)
    left = {*_addresses(rows, "--leave", {*addresses, *written.rows}, kinds)}
    left |= {address for address in addresses if address.kind in left_kinds}
    await _bind(ends, kinds, folder, exported, wishes.matches, addresses)
    here = frozenset(left & addresses.keys())
    everything = exclude(_leaving(everything, here, written), kinds, {})
    sides = Sides(written, theirs)
    return Task(folder, kinds, names, exported, everything, sides, here, left_kinds)


def _leaving(moving: Moving, left: Collection[Address], written: WrittenBefore) -> Moving:
    """Leave rows as they are: one that was moved before stays known, but is not compared."""
    resources = dict(moving.configuration.resources)
    skipped: dict[Address, Skipped] = {}
    for address in left:
        if address in written.rows:
            resources[address] = replace(resources[address], values={}, inputs={})
        else:
            skipped[address] = Skipped.of(LEFT)
    configuration = replace(moving.configuration, resources=resources)
    return replace(moving, configuration=configuration, skipped=skipped)


async def _bind(
    ends: Ends, kinds: Mapping[str, Kind], folder: Path, exported: Exported,
    matches: Iterable[str], known: Collection[Address],
) -> None:  # fmt: skip
    """Remember which row of the target stands for a row of the source; raises UsageError."""
    path = bindings_path(folder, ends.target_id)
    bindings = Bindings.read(path)
    seen: dict[str, str] = {}
    for text in matches:
        source, equals, target = text.rpartition("=")
        if not equals or not UUID_PATTERN.match(target):
            raise UsageError(
                f"--match {text} is not SOURCE=TARGET",
                hint="SOURCE is an address or an id in the source, TARGET the id of a row there",
            )
        target = target.lower()
        address = _matched(source, exported, known, kinds)
        other = next((a for a, b in bindings.entries.items() if b.id == target), address)
        if seen.setdefault(target, text) != text or other != address:
            raise UsageError(f"--match {text}: that row stands for {other} already")
        kind = kinds[address.kind]
        there = await read_whole_rows(ends.target, kinds, {kind.name: [target]})
        if kind.can_list and target not in there.get(kind.name, {}):
            raise UsageError(f"--match {text}: the target has no {kind.name}[{target}]")
        bindings.bind(address, target, "adopted")
    try:
        bindings.save()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _matched(
    text: str, exported: Exported, known: Collection[Address], kinds: Mapping[str, Kind]
) -> Address:
    for kind, keys in exported.keys.items():
        if text.lower() in keys:
            return Address(kind, keys[text.lower()])
    [address] = _addresses((text,), "--match", known, kinds)
    return address


def _addresses(
    texts: Iterable[str], option: str, known: Collection[Address], kinds: Mapping[str, Kind]
) -> Iterator[Address]:
    for text in texts:
        kind, _, key = text.partition(".")
        address = Address(kind, key)
        if address not in known:
            what = (
                f"there is no kind {kind!r}" if kind not in kinds else "the source has no such row"
            )
            hint = "an address is KIND.KEY, as in the exported files and in the report"
            raise UsageError(f"{option} {text}: {what}", hint=hint)
        yield address
