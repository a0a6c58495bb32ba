"""Where a resource and its columns stand: numbers, until somebody is told.

A configuration may have a million columns, and hardly any of them is ever pointed at. So what
outlives the files are offsets; lines and columns are made of them when a message needs one.
"""

from array import array
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ..diagnostics import Position
from .load.nodes import Begin, BlockNode, Entry, MappingNode, Origin, span


class Places(Protocol):
    """Says where a resource begins, and where the value of each column stands."""

    @property
    def block(self) -> Position:
        """Where the resource begins."""

    @property
    def begin(self) -> Begin:
        """In which line the resource begins."""

    def of(self, column: str) -> Position | None:
        """Where the value of a column or a ``$`` entry stands; None where it is not given."""

    def apart(self, column: str) -> Position | None:
        """Where the value of a column stands, if in another file than the block."""


class Written(NamedTuple):
    """What one file gives: the ``names``, shared by all that give the same ones, and their spans.

    ``start`` is where the resource begins; ``spans`` are a begin and an end for each name.
    """

    origin: Origin
    start: int
    names: tuple[str, ...]
    spans: "array[int]"

    @property
    def block(self) -> Position:
        """Where the resource begins."""
        return self.origin.at(self.start)

    @property
    def begin(self) -> Begin:
        """In which line the resource begins."""
        return self.origin.begin(self.start)

    def of(self, column: str) -> Position | None:
        """Where a value stands."""
        if column not in self.names:
            return None
        number = 2 * self.names.index(column)
        return self.origin.at(self.spans[number], self.spans[number + 1])

    def apart(self, column: str) -> None:
        """Say that there is one file."""


class LaidOver(NamedTuple):
    """What several files give: where the resource is described in full, and what each file adds."""

    origin: Origin
    start: int
    parts: tuple[Written, ...]

    @property
    def block(self) -> Position:
        """Where the resource begins."""
        return self.origin.at(self.start)

    @property
    def begin(self) -> Begin:
        """In which line the resource begins."""
        return self.origin.begin(self.start)

    def of(self, column: str) -> Position | None:
        """Where the value stands that counts."""
        return next(filter(None, (part.of(column) for part in self.parts)), None)

    def apart(self, column: str) -> Position | None:
        """Where the value stands, if in another file than the block."""
        return _apart(self, column)


class PointedAt(NamedTuple):
    """The places of a resource, of which one is told in place of its beginning."""

    block: Position
    places: Places

    @property
    def begin(self) -> Begin:
        """In which line the place that is told begins."""
        return Begin.of(self.block)

    def of(self, column: str) -> Position | None:
        """Where a value stands."""
        return self.places.of(column)

    def apart(self, column: str) -> Position | None:
        """Where a value stands, if in another file than the place that is told."""
        return _apart(self, column)


def _apart(places: Places, column: str) -> Position | None:
    place = places.of(column)
    return place if place and place.file != places.block.file else None


class Keeper:
    """Keeps where resources stand, and nothing else of the files."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def keep(self, origin: Origin, start: int, columns: MappingNode) -> Places:
        """Keep the places of a resource that begins in a file; a block is as good as them."""
        if isinstance(columns, BlockNode):
            return columns
        entries = columns.entries
        if all(entry.origin is origin for entry in entries.values()):
            return self._written(origin, start, entries)
        by_file: dict[Origin, dict[str, Entry]] = {}
        for name, entry in entries.items():
            by_file.setdefault(entry.origin, {})[name] = entry
        parts = tuple(self._written(one, start, some) for one, some in by_file.items())
        return LaidOver(origin, start, parts)

    def _written(self, origin: Origin, start: int, entries: Mapping[str, Entry]) -> Written:
        names = tuple(entries)
        spans = array("I", (end for entry in entries.values() for end in span(entry.value)))
        return Written(origin, start, self._names.setdefault(names, names), spans)
