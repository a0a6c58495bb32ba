"""Where made nodes stand: at the instance for people, and in the template it was made by."""

from dataclasses import replace
from typing import NamedTuple

from ...diagnostics import Position
from ...diagnostics.problem import MadeBy
from ..load.nodes import Begin, Node, Origin, span


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
    """What a template made for an instance: offsets are those of the template's file.

    Where an ``argument`` stands for the value that begins at ``start``, its place is that value's.
    """

    __slots__ = ("_by", "_start", "_written", "argument", "place")

    def __init__(
        self,
        place: Place,
        template: str,
        written: Origin,
        argument: Place | None = None,
        start: int = 0,
    ) -> None:
        self.name = place.origin.name
        self.text = written.text
        self._by = template
        self.place = place
        self._written = written
        self.argument = argument
        self._start = start

    def giving(self, argument: Place, start: int) -> "Made":
        """Say that an argument stands for the value that begins there."""
        return Made(self.place, self._by, self._written, argument, start)

    def at(self, start: int, stop: int = 0) -> Position:
        """Say where the instance or the argument stands, and from which line it was made."""
        written = self._written.at(start)
        given = self.argument if start == self._start else None
        made_by = MadeBy(self._by, written.file, written.line, written.column, given is not None)
        return replace((given or self.place).position, made_by=made_by)

    def begin(self, start: int) -> Begin:
        """Say in which line the instance or the argument stands, and from which it was made."""
        return Begin.of(self.at(start))
