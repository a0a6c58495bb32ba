"""YAML as values: what was written and where, before anybody decides what type it has.

Scalars are those of the tree. Lists and mappings are others: aliases and merges are resolved, and
entries have names.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from ...diagnostics import Position
from ...yamltext.lines import Lines
from ...yamltext.tree import Scalar

__all__ = [
    "Entry",
    "MappingNode",
    "Node",
    "Origin",
    "Scalar",
    "SequenceNode",
    "is_null",
    "locate",
    "span",
]


class Origin:
    """The file that nodes stand in: its name, and where its lines begin."""

    __slots__ = ("_lines", "name")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._lines = Lines(text)

    def position(self, node: "Node") -> Position:
        """Say where a node stands, counting from 1 as editors do."""
        return self.at(*span(node))

    def at(self, start: int, stop: int = 0) -> Position:
        """Say where characters stand; the end is known where it lies behind the beginning."""
        line, column = self._lines.place(start)
        if stop <= start:
            return Position(self.name, line + 1, column + 1)
        end_line, end_column = self._lines.place(stop)
        return Position(self.name, line + 1, column + 1, end_line + 1, end_column + 1)


class SequenceNode(NamedTuple):
    """A list."""

    items: "list[Node]"
    place: int


class MappingNode(NamedTuple):
    """A mapping, its entries by the text of their keys, in the order written."""

    entries: "dict[str, Entry]"
    place: int


class Entry(NamedTuple):
    """One key of a mapping with its value, and the file that both stand in."""

    key: Scalar
    value: "Node"
    origin: Origin

    @property
    def position(self) -> Position:
        """Where the value stands."""
        return self.origin.position(self.value)


Node: TypeAlias = Scalar | SequenceNode | MappingNode


def span(node: Node) -> tuple[int, int]:
    """Give where a node begins and ends; of what is no single value the end is not known: 0."""
    return node.place, node.stop if isinstance(node, Scalar) else 0


NULLS = frozenset({"", "~", "null"})


def is_null(node: Node) -> bool:
    """Tell whether a node is a plain ``null``, ``~`` or nothing."""
    return isinstance(node, Scalar) and node.plain and node.text in NULLS


def locate(node: Node, path: Iterable[str | int]) -> Node:
    """Follow the path of a JSON value into its node, as far as it goes."""
    for step in path:
        if isinstance(node, MappingNode) and step in node.entries:
            node = node.entries[str(step)].value
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node
