"""Prove that a migration did what it says: both organizations are read and compared.

Nothing is taken from the plan or the YAML: each row of the source is translated through the map
of ids, and compared with the row there, column by column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..canonical import canonical
from ..change import Row
from ..client import Reader
from ..kind import JSON, Kind
from ..live import read_whole_rows
from ..resource import Address

ROWS_AT_A_TIME = 2000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moved:
    """One row that was moved: its ids here and there, and the references that were cleared."""

    address: Address
    source: str
    target: str
    cleared: frozenset[str] = frozenset()


@dataclass(slots=True)
class Verification:
    """What the comparison found.

    ``missing`` rows are not there; ``differing`` are columns with another value; ``left`` are
    columns there that still hold an id of the source.
    """

    rows: dict[str, int] = field(default_factory=dict)
    missing: list[Address] = field(default_factory=list)
    differing: list[tuple[Address, str]] = field(default_factory=list)
    left: list[tuple[Address, str]] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.missing or self.differing or self.left)


async def verify(
    source: Reader,
    target: Reader,
    kinds: Mapping[str, Kind],
    moved: Iterable[Moved],
    foreign_ids: frozenset[str],
) -> Verification:
    """Compare all moved rows; ``foreign_ids`` are ids of the source that must not be left there."""
    moved = tuple(moved)
    ids = {one.source: one.target for one in moved}
    found = Verification()
    for kind, some in _batches(moved):
        here = await read_whole_rows(source, kinds, {kind: [one.source for one in some]})
        there = await read_whole_rows(target, kinds, {kind: [one.target for one in some]})
        for one in some:
            row, other = here.get(kind, {}).get(one.source), there.get(kind, {}).get(one.target)
            if row is None:
                continue  # deleted in the source meanwhile: the next run will see it
            if other is None:
                found.missing.append(one.address)
                continue
            found.rows[kind] = found.rows.get(kind, 0) + 1
            names = _differing(kinds[kind], row, other, ids, one.cleared)
            found.differing += [(one.address, name) for name in names]
            left = _left(kinds[kind], other, foreign_ids | ids.keys())
            found.left += [(one.address, name) for name in left]
    return found


def _batches(moved: tuple[Moved, ...]) -> Iterator[tuple[str, list[Moved]]]:
    by_kind: dict[str, list[Moved]] = {}
    for one in moved:
        by_kind.setdefault(one.address.kind, []).append(one)
    for kind, ones in by_kind.items():
        for start in range(0, len(ones), ROWS_AT_A_TIME):
            yield kind, ones[start : start + ROWS_AT_A_TIME]


def _differing(
    kind: Kind, row: Row, other: Row, ids: Mapping[str, str], cleared: frozenset[str]
) -> Iterator[str]:
    for column in kind.columns.values():
        if not column.writable or column.sensitive or column.name not in row:
            continue
        if column.name in cleared:
            continue
        wanted = canonical(translated(row[column.name], ids), column.type)
        if wanted != canonical(other.get(column.name), column.type):
            yield column.name


def translated(value: JSON, ids: Mapping[str, str]) -> JSON:
    """Put ids of the target where a value is, or is named by, an id of the source."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [translated(item, ids) for item in value]
    if isinstance(value, dict):
        return {ids.get(name, name): translated(item, ids) for name, item in value.items()}
    return value


def _left(kind: Kind, row: Row, foreign: frozenset[str] | set[str]) -> Iterator[str]:
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
