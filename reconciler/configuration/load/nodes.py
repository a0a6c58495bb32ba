"""YAML as values: what was written and where, before anybody decides what type it has.

Scalars are those of the tree. Lists and mappings are others: aliases and merges are resolved, and
entries have names. A block of simple lines is a mapping that makes its entries when it is asked for
them: of a large file nearly all are only asked for their values.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ...diagnostics import Position
from ...diagnostics.problem import MadeBy
from ...yamltext.lines import Lines
from ...yamltext.simple import Shape, lines_of
from ...yamltext.tree import Scalar

__all__ = [
    "EMPTY_LIST",
    "EMPTY_MAPPING",
    "NULLS",
    "QUOTES",
    "Begin",
    "BlockNode",
    "BlocksNode",
    "Entry",
    "MappingNode",
    "Node",
    "Origin",
    "Scalar",
    "SequenceNode",
    "is_null",
    "items",
    "locate",
    "names_of",
    "span",
]


class Begin(NamedTuple):
    """The line where something begins, for what is told of a million things.

    ``made_by`` is the template that made it.
    """

    file: str
    line: int
    made_by: MadeBy | None = None

    @classmethod
    def of(cls, place: Position) -> "Begin":
        """Give the line of a place."""
        return cls(place.file, place.line, place.made_by)


class Origin:
    """The file that nodes stand in: its name, its text, and where its lines begin."""

    __slots__ = ("_lines", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
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

    def begin(self, start: int) -> Begin:
        """Say in which line a character stands."""
        return Begin(self.name, self._lines.line(start) + 1)


class SequenceNode(NamedTuple):
    """A list."""

    items: "list[Node]"
    place: int


class MappingNode:
    """A mapping, its entries by the text of their keys, in the order written."""

    __slots__ = ("_entries", "place")

    def __init__(self, entries: "dict[str, Entry]", place: int) -> None:
        self._entries = entries
        self.place = place

    @property
    def entries(self) -> "Mapping[str, Entry]":
        """The entries; ask once for all that is done with them."""
        return self._entries

    def placed(self, place: int) -> "MappingNode":
        """Give the same mapping at another place."""
        return MappingNode(dict(self.entries), place)


class Entry(NamedTuple):
    """One key of a mapping with its value, and the file that both stand in."""

    key: Scalar
    value: "Node"
    origin: Origin

    @property
    def position(self) -> Position:
        """Where the value stands."""
        return self.origin.position(self.value)


class BlockNode(MappingNode):
    """A mapping of single values on simple lines, as its ``shape`` names them.

    It ends ``size`` characters behind its ``place``.
    """

    __slots__ = ("lead", "origin", "shape", "size")

    def __init__(self, origin: Origin, place: int, lead: int, size: int, shape: Shape) -> None:
        self.origin = origin
        self.place = place
        self.lead = lead
        """How many characters before it its key begins; small numbers take no memory."""
        self.size = size
        self.shape = shape

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order written."""
        return self.shape.names

    @property
    def texts(self) -> Sequence[str]:
        """The value of each name as it is written, in quotes or plain."""
        return self.shape.values(self.origin.text, self.place, self.place + self.size)

    @property
    def entries(self) -> "Mapping[str, Entry]":
        """The entries, made anew."""
        return {entry.key.text: entry for entry in self._made()}

    def _made(self) -> "Iterator[Entry]":
        lines, at, between = lines_of(self.origin.text, self.place, self.place + self.size)
        for name, line in zip(self.names, lines, strict=True):
            value = _written(line[len(name) + 2 :], at + len(name) + 2)
            yield Entry(Scalar(name, "", at, len(name)), value, self.origin)
            at += len(line) + between

    @property
    def block(self) -> Position:
        """Where the resource begins whose columns these are."""
        return self.origin.at(self.start)

    @property
    def begin(self) -> Begin:
        """In which line the resource begins."""
        return self.origin.begin(self.place - self.lead)

    def of(self, column: str) -> Position | None:
        """Where the value of a column stands; None where it is not given."""
        return self.entries[column].position if column in self.names else None

    def apart(self, column: str) -> None:
        """Say that there is one file."""

    @property
    def start(self) -> int:
        """Where its key begins; of an item of a list there is none."""
        return self.place - self.lead


class BlocksNode(MappingNode):
    """A mapping of keys to blocks, or to entries where something else stands there."""

    __slots__ = ("by_key", "origin")

    def __init__(self, origin: Origin, by_key: "dict[str, BlockNode | Entry]", place: int) -> None:
        self.origin = origin
        self.by_key = by_key
        self.place = place

    @property
    def entries(self) -> "Mapping[str, Entry]":
        """The entries, made anew."""
        return dict(self._made())

    def _made(self) -> "Iterator[tuple[str, Entry]]":
        for key, value in self.by_key.items():
            if isinstance(value, BlockNode):
                written = Scalar(key, "", value.start, len(key))
                yield key, Entry(written, value, self.origin)
            else:
                yield key, value


Node: TypeAlias = Scalar | SequenceNode | MappingNode


def _written(raw: str, start: int) -> Node:
    """Make the value of a block that is written so, and where."""
    if raw == EMPTY_LIST:
        return SequenceNode([], start)
    if raw == EMPTY_MAPPING:
        return MappingNode({}, start)
    style = raw[0] if raw[0] in QUOTES else ""
    return Scalar(raw[1:-1] if style else raw, style, start, len(raw))


def items(node: MappingNode) -> "Iterable[tuple[str, BlockNode | Entry]]":
    """Iterate over the keys of a mapping, with the block or the entry of each."""
    return node.by_key.items() if isinstance(node, BlocksNode) else node.entries.items()


def names_of(node: MappingNode) -> Collection[str]:
    """Give the keys of a mapping."""
    return node.names if isinstance(node, BlockNode) else node.entries.keys()


def span(node: Node) -> tuple[int, int]:
    """Give where a node begins and ends; of what is no single value the end is not known: 0."""
    return node.place, node.stop if isinstance(node, Scalar) else 0


QUOTES = "\"'"

EMPTY_LIST, EMPTY_MAPPING = "[]", "{}"

NULLS = frozenset({"", "~", "null"})


def is_null(node: Node) -> bool:
    """Tell whether a node is a plain ``null``, ``~`` or nothing."""
    return isinstance(node, Scalar) and node.plain and node.text in NULLS


def locate(node: Node, path: Iterable[str | int]) -> Node:
    """Follow the path of a JSON value into its node, as far as it goes."""
    for step in path:
        if isinstance(node, MappingNode) and step in (entries := node.entries):
            node = entries[str(step)].value
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
    return node
