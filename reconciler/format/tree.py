"""What a file consists of for those who move its parts: units, with the comments about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ..yamltext.tree import Alias, Collection, Scalar, anchor_of


class Group(NamedTuple):
    """A mapping or a list in its units; ``node`` is how it is written."""

    units: "tuple[Unit, ...]"
    node: Collection

    @property
    def mapping(self) -> bool:
        """Tell whether it is a mapping."""
        return self.node.mapping

    @property
    def flow(self) -> bool:
        """Tell whether it is written in brackets."""
        return self.node.flow

    @property
    def start(self) -> int:
        """Where it begins, an anchor included."""
        return self.node.place

    @property
    def stop(self) -> int:
        """Where it is over."""
        return self.node.stop


Value: TypeAlias = Scalar | Alias | Group


class Unit(NamedTuple):
    """An entry of a mapping or an item of a list (then ``key`` is None): what is moved as one.

    ``start`` is where its key or its dash stands, ``number`` its place among all units of the file.
    """

    number: int
    key: Scalar | Alias | None
    value: Value
    start: int


class Remark(NamedTuple):
    """A comment as it is written back; ``blank`` where an empty line stands before it."""

    text: str
    blank: bool


@dataclass(slots=True)
class Attached:
    """The comments of one unit: above it, at the end of its first line, and below it."""

    above: list[Remark] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    below: list[Remark] = field(default_factory=list)


def values_in(value: Value) -> Iterator[Value]:
    """Iterate over a value and everything in it, keys included."""
    yield value
    if isinstance(value, Group):
        for unit in value.units:
            if unit.key is not None:
                yield unit.key
            yield from values_in(unit.value)


def anchor(value: Value) -> str | None:
    """Give the name by which aliases use a value."""
    return anchor_of(value.node if isinstance(value, Group) else value)
