"""From the tree of a file to its units: each has a number, and knows where its key or dash is."""

from itertools import count

from ..yamltext.spots import Spot, begin_of, size_of
from ..yamltext.tree import Alias, Collection, Node, Scalar
from .tree import Group, Unit, Value


def units_of(root: Collection, text: str) -> Group:
    """Take a tree apart; units are numbered in the order in which they begin."""
    return _Builder(text).group(root)


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers = count()

    def group(self, node: Collection) -> Group:
        spots = (Spot(node, number) for number in range(size_of(node)))
        return Group(tuple(map(self._unit, spots)), node)

    def _unit(self, spot: Spot) -> Unit:
        number, key = next(self._numbers), spot.key if spot.parent.mapping else None
        assert not isinstance(key, Collection), "the loader refuses such keys"
        return Unit(number, key, self._value(spot.value), begin_of(self._text, spot))

    def _value(self, node: Node) -> Value:
        return node if isinstance(node, Scalar | Alias) else self.group(node)
