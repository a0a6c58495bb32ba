"""YAML as values: what was written and where, before anybody decides what type it has."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from ...diagnostics import Position


class Scalar(NamedTuple):
    """A text as written; ``plain`` means without quotes. Line and column count from 0."""

    text: str
    plain: bool
    line: int
    column: int


class SequenceNode(NamedTuple):
    """A list."""

    items: "list[Node]"
    line: int
    column: int


class MappingNode(NamedTuple):
    """A mapping, its entries by the text of their keys, in the order written."""

    entries: "dict[str, Entry]"
    line: int
    column: int


class Entry(NamedTuple):
    """One key of a mapping with its value, and the file that both stand in."""

    key: Scalar
    value: "Node"
    file: str

    @property
    def position(self) -> Position:
        """Where the value stands."""
        return position(self.file, self.value)


Node: TypeAlias = Scalar | SequenceNode | MappingNode

NULLS = frozenset({"", "~", "null"})


def is_null(node: Node) -> bool:
    """Tell whether a node is a plain ``null``, ``~`` or nothing."""
    return isinstance(node, Scalar) and node.plain and node.text in NULLS


def position(file: str, node: Node) -> Position:
    """Say where a node stands, counting from 1 as editors do."""
    return Position(file, node.line + 1, node.column + 1)


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
