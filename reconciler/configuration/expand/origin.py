"""Where made nodes stand: at the instance for people, and in the template it was made by."""

from dataclasses import replace
from typing import NamedTuple

from ...diagnostics import Position
from ...diagnostics.problem import MadeBy
from ..load.nodes import Node, Origin, span


class Place(NamedTuple):
    """Some characters of a file."""

    origin: Origin
    start: int
    stop: int = 0

    @classmethod
    def of(cls, node: Node, origin: Origin) -> "Place":
        """Give the place of a node."""
        return cls(origin, *span(node))

    @property
    def position(self) -> Position:
        """Say it in lines and columns."""
        return self.origin.at(self.start, self.stop)


class Made(Origin):
    """What a template made for an instance: offsets are those of the template's file."""

    __slots__ = ("_by", "_written", "place")

    def __init__(self, place: Place, template: str, written: Origin) -> None:
        self.name = place.origin.name
        self.text = written.text
        self._by = template
        self.place = place
        self._written = written

    def at(self, start: int, stop: int = 0) -> Position:
        """Say where the instance stands, and that the template made it, from which line."""
        written = self._written.at(start)
        made_by = MadeBy(self._by, written.file, written.line, written.column)
        return replace(self.place.position, made_by=made_by)
