"""Prove that a migration did what it says: both organizations are read and compared.

It begins from what the source holds now, not from the plan or the YAML: each row is looked for in
the target through the map of ids, and compared with the row there, column by column.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..catalogue import Kind, is_deleted
from ..client.forms import OddRow
from ..client.protocols import Reader
from ..exporting import Spool
from ..live.rows import read_whole_rows
from ..values.address import Address
from ..values.column import JSON, Column
from ..values.sent import Row
from ..values.stored import Forms, as_sent
from .exclude import ODD, Skipped
from .written import WrittenBefore

ROWS_AT_A_TIME = 2000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ODD_THERE = Skipped.of(ODD).reason
_Verdict = Literal["equal", "repaired", "conflict", "differing"]


@dataclass(frozen=True, slots=True)
class Moved:
    """One row that was moved: its ids here and there, and the references that were cleared."""

    address: Address
    source: str
    target: str
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """What there should be, and why some of it is not.

    ``keys`` are the names of the source's rows by kind and id; ``moved`` by address what has a row
    there; ``skipped`` what was left out; ``foreign`` ids of the source must not be left there.
    ``stored`` are the forms of its own in which the target stores columns.
    """

    keys: Mapping[str, Mapping[str, str]]
    moved: Mapping[Address, Moved]
    skipped: Mapping[Address, Skipped]
    foreign: frozenset[str]
    stored: Forms = field(default_factory=dict)


@dataclass(slots=True)
class KindCount:
    """Of one kind: the rows of the source, and what became of them."""

    expected: int = 0
    compared: int = 0
    missing: int = 0
    differing: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Verification:
    """What the comparison found.

    ``missing`` rows are not there; ``differing`` are columns with another value, ``repaired`` and
    ``conflicts`` those that people changed there; ``left`` are columns there that still hold an id
    of the source; ``unread`` says of kinds why the source's rows are not known. ``odd_here`` are
    rows of the source, ``odd`` those there, that are not as they should be, with what is odd.
    """

    kinds: dict[str, KindCount] = field(default_factory=dict)
    missing: list[Address] = field(default_factory=list)
    differing: list[tuple[Address, str]] = field(default_factory=list)
    repaired: list[tuple[Address, str]] = field(default_factory=list)
    conflicts: list[tuple[Address, str]] = field(default_factory=list)
    left: list[tuple[Address, str]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    odd_here: list[str] = field(default_factory=list)
    odd: dict[Address, str] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        """Tell whether everything was looked at, and nothing found."""
        found = (self.missing, self.differing, self.conflicts, self.left, self.unread)
        return not any((*found, self.odd_here, self.odd))

    @property
    def rows(self) -> dict[str, int]:
        """Count the rows that were compared, by kind."""
        return {name: one.compared for name, one in self.kinds.items() if one.compared}


async def verify(
    source: Spool,
    target: Reader,
    kinds: Mapping[str, Kind],
    expected: Expected,
    written: WrittenBefore,
) -> Verification:
    """Compare every row of the source; what is as the source says is remembered as written."""
    ids = {one.source: one.target for one in expected.moved.values()}
    found = Verification(unread=dict(source.unread), odd_here=[str(row) for row in source.odd])
    for name in source.ids:
        counts = found.kinds.setdefault(name, KindCount())
        counts.left_out.update(source.left_out.get(name, {}))
        counts.expected += sum(counts.left_out.values())
        for rows in _batches(_expected(source, kinds[name], expected, counts, found)):
            wanted = [one.target for one, _ in rows]
            odd: list[OddRow] = []
            there = (await read_whole_rows(target, kinds, {name: wanted}, odd)).get(name, {})
            strange = {row.id: str(row) for row in odd}
            for one, row in rows:
                if one.target in strange:
                    counts.left_out[ODD_THERE] += 1
                    found.odd[one.address] = strange[one.target]
                    continue
                other = there.get(one.target)
                if other is None or is_deleted(kinds[name], other):
                    counts.missing += 1
                    found.missing.append(one.address)
                    continue
                counts.compared += 1
                _compare(kinds[name], one, row, other, ids, found, counts, written, expected.stored)
                left = _left(kinds[name], other, expected.foreign)
                found.left += [(one.address, column) for column in left]
    return found


def shared_between_organizations(kinds: Mapping[str, Kind], tenant: Kind | None) -> frozenset[str]:
    """Name the kinds whose rows are the same in every organization: nothing leads to it from them.

    Such as the profile of a person who is a member of several.
    """
    own = {tenant.name} if tenant else set()
    while more := {k.name for k in kinds.values() if k.name not in own and _leads_to(own, k)}:
        own |= more
    known = kinds.keys()
    return frozenset(
        kind.name
        for kind in kinds.values()
        if kind.name not in own
        and all(c.reference.kind in known for c in kind.references if c.reference)
    )


def _leads_to(own: set[str], kind: Kind) -> bool:
    return any(column.reference and column.reference.kind in own for column in kind.references)


def _expected(
    source: Spool, kind: Kind, expected: Expected, counts: KindCount, found: Verification
) -> Iterator[tuple[Moved, Row]]:
    """Go through the source's rows of a kind; gives those that are to be looked at there."""
    names = expected.keys.get(kind.name, {})
    for row in source.rows(kind.name):
        row_id = str(row[kind.id_column])
        address = Address(kind.name, names.get(row_id, row_id))
        counts.expected += 1
        if address in expected.skipped:
            counts.left_out[expected.skipped[address].reason] += 1
        elif address in expected.moved:
            yield expected.moved[address], row
        else:  # also one that came while the migration ran
            counts.missing += 1
            found.missing.append(address)


def _batches(rows: Iterator[tuple[Moved, Row]]) -> Iterator[list[tuple[Moved, Row]]]:
    batch: list[tuple[Moved, Row]] = []
    for one in rows:
        batch.append(one)
        if len(batch) == ROWS_AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _compare(
    kind: Kind,
    one: Moved,
    row: Row,
    other: Row,
    ids: Mapping[str, str],
    found: Verification,
    counts: KindCount,
    written: WrittenBefore,
    stored: Forms,
) -> None:
    differs = False
    for column in kind.columns.values():
        if not column.exported or column.name not in row:
            continue
        if column.name in one.cleared:
            continue
        wanted, there = translated(row[column.name], ids), other.get(column.name)
        form = stored.get(f"{kind.name}.{column.name}")
        formed = form is not None and form.explains(column, wanted, there)
        verdict = "equal" if formed else _verdict(one, column, wanted, there, written)
        if verdict == "equal":
            written.put(one.address, one.target, column, there)
        elif verdict == "repaired":
            found.repaired.append((one.address, column.name))
        elif verdict == "conflict":
            found.conflicts.append((one.address, column.name))
        else:
            found.differing.append((one.address, column.name))
            differs = True
    counts.differing += differs


def _verdict(
    one: Moved, column: Column, wanted: JSON, there: JSON, written: WrittenBefore
) -> _Verdict:
    if as_sent(wanted, there, column):
        return "equal"
    known = written.knows(one.address, one.target, column.name)
    if not known or written.was(one.address, one.target, column, there):
        return "differing"
    as_before = written.was(one.address, one.target, column, wanted)
    return "repaired" if as_before else "conflict"


def translated(value: JSON, ids: Mapping[str, str]) -> JSON:
    """Put ids of the target where a value is, or is named by, an id of the source."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [translated(item, ids) for item in value]
    if isinstance(value, dict):
        return {ids.get(name, name): translated(item, ids) for name, item in value.items()}
    return value


def _left(kind: Kind, row: Row, foreign: frozenset[str]) -> Iterator[str]:
    for name, value in row.items():
        if name in kind.columns and any(text.lower() in foreign for text in _uuids(value)):
            yield name


def _uuids(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield from _UUID.findall(value)
    elif isinstance(value, list):
        for item in value:
            yield from _uuids(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _UUID.findall(name)
            yield from _uuids(item)
