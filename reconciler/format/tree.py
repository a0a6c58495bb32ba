"""What a file consists of for those who move its parts: units, with the comments about them.

Units are made when they are asked for, and not kept: a file may have a million of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from ..yamltext.tree import Alias, Collection, Node, Scalar, anchor_of

Ranks = Mapping[str, int]
"""The order of entries, by name."""

_new = tuple.__new__  # half the time of a named tuple's own, for the one that is made most often


@dataclass(frozen=True, slots=True)
class Order:
    """In which order entries stand, and those in their values; without one, as they are written.

    ``ranks`` are for the entries themselves, ``named`` for what stands in some of them, and
    ``each`` for what stands in all others, or in the items of a list.
    """

    ranks: Ranks | None = None
    each: "Order | None" = None
    named: Mapping[str, "Order"] = field(default_factory=dict)

    def inside(self, key: Node | None) -> "Order | None":
        """Give the order of what stands in an entry, or in an item of a list."""
        if self.named and type(key) is Scalar and key.text in self.named:
            return self.named[key.text]
        return self.each


class Group(NamedTuple):
    """A mapping or a list in its units; ``node`` is how it is written."""

    node: Collection
    text: str
    order: Order | None = None

    @property
    def units(self) -> "list[Unit]":
        """What stands in it, in the order in which it is to be written."""
        node = self.node
        if not node.mapping:
            return [Unit(~child.place, None, self._value(None, child)) for child in node.children]
        pairs = iter(node.children)
        # This runs once per scalar of every file, so its commonest case is written out here.
        units: list[Unit] = [
            _new(
                Unit, (key.place, key, value if type(value) is Scalar else self._value(key, value))
            )
            for key, value in zip(pairs, pairs, strict=True)
        ]
        ranks = self.order.ranks if self.order else None
        if ranks is not None and _may_move(self, units):
            rank, last = ranks.get, len(ranks)
            units.sort(key=lambda u: rank(u.key.text, last) if type(u.key) is Scalar else last)
        return units

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is in it."""
        return not self.node.children

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

    def _value(self, key: Node | None, node: Node) -> "Value":
        if not isinstance(node, Collection):
            return node
        return Group(node, self.text, self.order.inside(key) if self.order else None)


Value: TypeAlias = Scalar | Alias | Group


class Unit(NamedTuple):
    """An entry of a mapping or an item of a list (then ``key`` is None): what is moved as one.

    ``number`` tells it from all other units of the file.
    """

    number: int
    key: Scalar | Alias | None
    value: Value


def number_of(parent: Collection, key: Node) -> int:
    """Number the unit with a key, or of a list the item: an entry may begin where an item does."""
    return key.place if parent.mapping else ~key.place


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


def anchor(value: Value) -> str | None:
    """Give the name by which aliases use a value."""
    return anchor_of(value.node if isinstance(value, Group) else value)


def _may_move(group: Group, units: "list[Unit]") -> bool:
    """Tell whether no entry needs to stand before another one."""
    if group.text.find("&", group.node.start, group.node.stop) < 0:
        return True
    anchors: set[str] = set()
    aliases: set[str] = set()
    for unit in units:
        inside = [*_values_in(unit.value), *([unit.key] if unit.key else [])]
        mine = {name for name in map(anchor, inside) if name}
        used = {n.name for n in inside if isinstance(n, Alias)}
        if anchors & (mine | used) or aliases & mine:
            return False
        anchors |= mine
        aliases |= used
    return True


def _values_in(value: Value) -> Iterator[Value]:
    """Iterate over a value and everything in it, keys included."""
    yield value
    if isinstance(value, Group):
        for unit in value.units:
            if unit.key is not None:
                yield unit.key
            yield from _values_in(unit.value)
