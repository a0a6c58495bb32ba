"""A YAML text as a tree: what is written where, with anchors, aliases and merges as they stand.

Everything that reads YAML reads this tree. The loader resolves aliases and merges and makes values
of it; the formatter and the editor of files need just what the loader resolves away, so values are
made of the tree, and are not the tree.

Places are offsets: they count characters from the beginning of the text. Lines and columns are made
of them when a person is told (``lines``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from yaml import YAMLError

MERGE = "<<"
"""The key whose mappings are taken into the one that it stands in, where it is plain."""
OPEN = -1
"""Where a collection stops whose end was not read."""


class Properties(NamedTuple):
    """What stands before a value: ``&anchor``, ``!tag``; ``start`` is where the first begins."""

    start: int
    anchor: str | None
    tag: str | None


class Scalar(NamedTuple):
    """A text: ``start`` is its first character, quotes included; ``size`` is how many there are.

    ``style`` is the character that it begins with (a quote, ``|``, ``>``); nothing where it is
    plain. Empty lines at the end that are no part of the text lie outside.
    """

    text: str
    style: str
    start: int
    size: int
    """Most are small, and small numbers take no memory of their own; ends would."""
    properties: Properties | None = None

    @property
    def stop(self) -> int:
        """Where it is over."""
        return self.start + self.size

    @property
    def plain(self) -> bool:
        """Tell whether it has no quotes, and no lines of its own."""
        return not self.style

    def raw(self, text: str) -> str:
        """Give its characters, quotes included."""
        return text[self.start : self.stop]

    @property
    def is_block(self) -> bool:
        """Tell whether it is a text of lines (``|`` or ``>``)."""
        return self.style in ("|", ">")

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of it is written."""
        return not self.size

    @property
    def place(self) -> int:
        """Where it begins for people: at its anchor."""
        return self.properties.start if self.properties else self.start


class Alias(NamedTuple):
    """``*name``."""

    name: str
    start: int
    stop: int

    @property
    def place(self) -> int:
        """Where it begins."""
        return self.start


class Collection(NamedTuple):
    """A list or a mapping: its items, or its keys and values in turn; ``flow`` is in brackets."""

    children: "list[Node]"
    mapping: bool
    flow: bool
    start: int
    stop: int
    properties: Properties | None = None

    @property
    def place(self) -> int:
        """Where it begins for people: at its anchor."""
        return self.properties.start if self.properties else self.start


Node: TypeAlias = Scalar | Alias | Collection


class TooDeep(NamedTuple):
    """Reading stopped where values are nested too deep."""

    start: int


class AnotherDocument(NamedTuple):
    """Reading stopped where a second document begins."""

    start: int


@dataclass(frozen=True, slots=True)
class Tree:
    """What was read of a text: all of it, or the part before what ``stopped`` the reading.

    ``root`` is None where nothing is there; ``aliased`` are the anchors that aliases use;
    ``explicit`` tells whether the document begins with ``---``.
    """

    text: str
    root: Node | None
    aliased: frozenset[str] = frozenset()
    explicit: bool = False
    stopped: YAMLError | TooDeep | AnotherDocument | None = None


def below(node: Node) -> Iterator[Node]:
    """Iterate over a node and everything in it, keys included, as it is written."""
    yield node
    for child in children_of(node):
        yield from below(child)


def children_of(node: Node) -> Sequence[Node]:
    """Give the items of a list, the keys and values of a mapping; of anything else nothing."""
    return node.children if isinstance(node, Collection) else ()


def entries(node: Node) -> Iterator[tuple[Node, Node]]:
    """Iterate over the keys of a mapping with their values; what is merged in is no part of it."""
    if isinstance(node, Collection) and node.mapping:
        pairs = iter(node.children)
        yield from zip(pairs, pairs, strict=False)  # where reading stopped, a key has no value


def anchor_of(node: Node) -> str | None:
    """Give the name by which aliases use a node."""
    return node.properties.anchor if not isinstance(node, Alias) and node.properties else None


def name_of(key: Node) -> str:
    """Give the text of a key; one that is an alias has none of its own."""
    return key.text if isinstance(key, Scalar) else ""
