"""The text of a file as nodes that know where they begin and end, so that parts can be replaced.

What the parser gives back is compared nowhere: it only says which characters are whose. So all
that is not replaced stays as it was written, to the last space.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from ..yamltext.block import depth, is_blank, keeps_lines
from ..yamltext.scanner import parser_of

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


@dataclass(slots=True)
class Node:
    """A value: ``start`` is its first character, after an anchor; ``stop`` is after its last.

    ``column`` is where it starts on its line. ``children`` are the items of a list; of a mapping
    they are keys and values in turn. ``flow`` tells that it stands in brackets, or is in some.
    ``style`` is the character that a scalar begins with (a quote, ``|``, ``>``), or nothing.
    """

    start: int
    stop: int
    column: int
    type: str
    flow: bool
    text: str = ""
    anchor: str | None = None
    style: str = ""
    children: "list[Node]" = field(default_factory=list)

    @property
    def entries(self) -> "Iterator[tuple[Node, Node]]":
        """Iterate over the keys of a mapping with their values."""
        if self.type == "mapping":
            yield from zip(self.children[::2], self.children[1::2], strict=True)

    def get(self, name: str) -> "tuple[Node, Node] | None":
        """Find an own entry; what is merged in is not found."""
        return next(
            ((k, v) for k, v in self.entries if k.type == "scalar" and k.text == name), None
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether it is a scalar of which nothing is written."""
        return self.type == "scalar" and self.start == self.stop

    def below(self) -> "Iterator[Node]":
        """Iterate over this node and all in it."""
        yield self
        for child in self.children:
            yield from child.below()


class Spot(NamedTuple):
    """Where a resource is written: the mapping or list that holds it, and its number there."""

    parent: Node
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
        return 2 if self.parent.type == "mapping" else 1


@dataclass(slots=True)
class Source:
    """A file's nodes; ``spots`` are found by line and column, counted from 0."""

    root: Node | None
    spots: dict[tuple[int, int], Spot]
    aliases: set[str]


def read_source(text: str) -> Source:
    """Find the nodes of a text that is known to be good YAML of one document."""
    source = Source(None, {}, set())
    open_nodes: list[Node] = []
    parser = parser_of(text)
    while (event := parser.get_event()) is not None:
        if isinstance(event, CollectionEndEvent):
            node = open_nodes.pop()
            node.stop = _end(node, event)
        elif isinstance(event, ScalarEvent | AliasEvent | CollectionStartEvent):
            node = _node(event, text)
            if isinstance(event, AliasEvent):
                source.aliases.add(event.anchor or "")
            _place(node, event, open_nodes, source)
            if isinstance(event, CollectionStartEvent):
                open_nodes.append(node)
    return source


def _place(node: Node, event: Event, open_nodes: list[Node], source: Source) -> None:
    if not open_nodes:
        source.root = node
        return
    parent = open_nodes[-1]
    node.flow |= parent.flow
    number = len(parent.children)
    parent.children.append(node)
    if parent.type == "sequence" or number % 2 == 0:
        spot = Spot(parent, number if parent.type == "sequence" else number // 2)
        assert event.start_mark is not None
        # an item that is a mapping begins where its first key does; the item is meant
        source.spots.setdefault((event.start_mark.line, event.start_mark.column), spot)


def _node(event: Event, text: str) -> Node:
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    anchor = getattr(event, "anchor", None)
    if isinstance(event, AliasEvent):
        return Node(start.index, end.index, start.column, "alias", flow=False)
    begin = _after_anchor(text, start.index, anchor)
    begin = min(begin, end.index) if isinstance(event, ScalarEvent) else begin
    column = begin - (text.rfind("\n", 0, begin) + 1)
    if isinstance(event, ScalarEvent):
        stop = max(_end_of_scalar(text, begin, end.index, event), begin)
        style = (event.style or "").strip()
        return Node(begin, stop, column, "scalar", False, event.value, anchor, style)
    assert isinstance(event, CollectionStartEvent)
    kind = "mapping" if isinstance(event, MappingStartEvent) else "sequence"
    return Node(begin, begin, column, kind, bool(event.flow_style), anchor=anchor)


def _end(node: Node, event: Event) -> int:
    assert event.end_mark is not None
    if node.flow or not node.children:
        return event.end_mark.index
    return max(child.stop for child in node.children[-2:])  # a block has no bracket at its end


def _after_anchor(text: str, index: int, anchor: str | None) -> int:
    if anchor is None:
        return index
    gap = _GAP.match(text, index + len(anchor) + 1)
    return gap.end() if gap else index


def _end_of_scalar(text: str, start: int, end: int, event: ScalarEvent) -> int:
    if event.style not in ("|", ">"):
        return end
    written = text[start:end]
    if keeps_lines(written):
        return start + len(written.removesuffix("\n").removesuffix("\r"))
    lines = written.split("\n")
    deep = depth(lines[1:], event.value)
    while len(lines) > 1 and is_blank(lines[-1], deep):
        lines.pop()
    return start + len("\n".join(lines).removesuffix("\r"))
