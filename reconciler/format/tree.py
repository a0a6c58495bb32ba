"""YAML as it is written: styles, anchors and comments included, which values do not know."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias


class Scalar(NamedTuple):
    """A scalar: ``raw`` is the source, quotes included and anchor excluded; ``text`` what it says.

    ``style`` is the character that begins it (a quote, ``|``, ``>``), or nothing where it is plain.
    """

    raw: str
    text: str
    style: str
    anchor: str | None
    start: int
    end: int

    @property
    def is_block(self) -> bool:
        """Tell whether it is a text of lines below its key."""
        return self.style in ("|", ">")


class Alias(NamedTuple):
    """``*name``."""

    name: str
    start: int
    end: int


class Collection(NamedTuple):
    """A mapping or a list; ``flow`` where it is written in brackets."""

    units: "tuple[Unit, ...]"
    mapping: bool
    flow: bool
    anchor: str | None
    start: int
    end: int


Node: TypeAlias = Scalar | Alias | Collection


class Unit(NamedTuple):
    """An entry of a mapping or an item of a list (then ``key`` is None): what is moved as one.

    ``start`` is where its key or its dash stands, ``number`` its place among all units of the file.
    """

    number: int
    key: Scalar | Alias | None
    value: Node
    start: int


class Comment(NamedTuple):
    """A comment: ``alone`` where it has a line of its own."""

    text: str
    start: int
    alone: bool


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


@dataclass(frozen=True, slots=True)
class File:
    """A file: its text, its comments, and its tree (None where it holds nothing).

    ``explicit`` tells whether it begins with ``---``.
    """

    text: str
    root: Collection | None
    comments: tuple[Comment, ...]
    explicit: bool


def nodes_of(node: Node) -> Iterator[Node]:
    """Iterate over a node and everything in it, keys included."""
    yield node
    if isinstance(node, Collection):
        for unit in node.units:
            if unit.key is not None:
                yield unit.key
            yield from nodes_of(unit.value)
