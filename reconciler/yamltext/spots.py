"""Places in the tree that entries and items stand at, and which one it is that stands there."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from .gap import skip_gap
from .tree import Collection, Node, Scalar

_start = attrgetter("start")


class Spot(NamedTuple):
    """Where an entry or an item is written: what holds it, and its number there."""

    parent: Collection
    number: int

    @property
    def key(self) -> Node:
        """The key; of a list the item itself."""
        return self.parent.children[self.number * self._step]

    @property
    def value(self) -> Node:
        """What stands there."""
        return self.parent.children[self.number * self._step + self._step - 1]

    @property
    def _step(self) -> int:
        return 2 if self.parent.mapping else 1


def find(node: Node | None, name: str) -> Spot | None:
    """Find an own entry of a mapping; what is merged in is not found."""
    if isinstance(node, Collection) and node.mapping:
        for number, key in enumerate(node.children[::2]):
            if isinstance(key, Scalar) and key.text == name:
                return Spot(node, number)
    return None


def spot_at(node: Node | None, offset: int) -> Spot | None:
    """Find the entry whose key begins at an offset, or the item.

    An item that is a mapping begins where its first key does; the item is meant.
    """
    while isinstance(node, Collection) and node.children:
        children, step = node.children, 2 if node.mapping else 1
        keys = range(0, len(children), step)
        number = bisect_right(keys, offset, key=lambda at: children[at].place)
        spot = Spot(node, max(number - 1, 0))
        if spot.key.place == offset:
            return spot
        node = spot.value
    return None


def size_of(parent: Collection) -> int:
    """Count the entries of a mapping or the items of a list."""
    return len(parent.children) // (2 if parent.mapping else 1)


def begin_of(text: str, spot: Spot) -> int:
    """Find where an entry or an item begins: its key or its dash."""
    return spot.key.place if spot.parent.mapping or spot.parent.flow else dash(text, spot)


def dash(text: str, spot: Spot) -> int:
    """Find the ``-`` of an item."""
    parent, number = spot
    return skip_gap(text, parent.children[number - 1].stop) if number else parent.start


def last_begun(text: str, parent: Collection, offset: int) -> int:
    """Find the last entry or item that begins at an offset or before it; -1 where none does."""
    step, size = 2 if parent.mapping else 1, size_of(parent)
    children = parent.children
    number = bisect_right(range(size), offset, key=lambda n: children[n * step].start) - 1
    # a dash or an anchor stands before what it belongs to
    while number + 1 < size and begin_of(text, Spot(parent, number + 1)) <= offset:
        number += 1
    return number


def scalars_from(node: Node, offset: int) -> Iterator[Scalar]:
    """Iterate over scalars as they are written; those that are over before an offset may lack."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Collection):
        first = max(bisect_right(node.children, offset, key=_start) - 1, 0)
        for number in range(first, len(node.children)):
            yield from scalars_from(node.children[number], offset)
