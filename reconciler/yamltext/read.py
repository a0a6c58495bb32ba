"""From text to the tree, by the events of the C parser; bad text never raises.

The depth is bounded here, since everybody walks the tree. What aliases multiply is bounded where
they are resolved: the tree has each text once.
"""

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    YAMLError,
)

from .block import depth, is_blank, keeps_lines
from .gap import skip_gap
from .scanner import Parser, parser_of
from .tree import OPEN, Alias, AnotherDocument, Collection, Node, Properties, Scalar, TooDeep, Tree

MAX_DEPTH = 100

_BLOCKS = ("|", ">")
_new = tuple.__new__  # half the time of a named tuple's own, for the one that is made most often


def read(text: str) -> Tree:
    """Read a text of one document, or as much of it as can be read."""
    builder = _Builder(text)
    stopped: YAMLError | TooDeep | AnotherDocument | None
    try:
        stopped = builder.read(parser_of(text))
    except YAMLError as error:
        stopped = error
    while builder.open:
        builder.close(OPEN)
    root = builder.roots[0] if builder.roots else None
    return Tree(text, root, frozenset(builder.aliased), builder.explicit, stopped)


class _Builder:
    def __init__(self, text: str) -> None:
        self.roots: list[Node] = []
        self.open: list[tuple[CollectionStartEvent, list[Node]]] = []
        self.aliased: set[str] = set()
        self.explicit = False
        self._text = text

    def read(self, parser: Parser) -> TooDeep | AnotherDocument | None:
        next_event = parser.get_event
        children = self.roots
        # This loop runs once per scalar of every file, so its commonest case is written out here.
        while (event := next_event()) is not None:
            if isinstance(event, ScalarEvent):
                start, stop = event.start_mark, event.end_mark
                assert start is not None
                assert stop is not None
                begin = start.index
                if event.style in _BLOCKS or event.anchor is not None or event.tag is not None:
                    children.append(self._scalar(event, begin, stop.index))
                else:
                    children.append(
                        _new(Scalar, (event.value, event.style, begin, stop.index - begin, None))
                    )
            elif isinstance(event, CollectionStartEvent):
                if len(self.open) >= MAX_DEPTH:
                    return TooDeep(_start(event))
                children = []
                self.open.append((event, children))
            elif isinstance(event, CollectionEndEvent):
                children = self.close(_end(event))
            elif isinstance(event, AliasEvent):
                name = event.anchor or ""
                self.aliased.add(name)
                children.append(Alias(name, _start(event), _end(event)))
            elif isinstance(event, DocumentStartEvent):
                if self.roots:
                    return AnotherDocument(_start(event))
                self.explicit = bool(event.explicit)
        return None

    def close(self, end: int) -> list[Node]:
        """End the innermost collection that is open; answers where the next node belongs."""
        event, children = self.open.pop()
        start, flow = _start(event), bool(event.flow_style)
        if event.anchor is not None:
            start = _after_anchor(self._text, start, event.anchor)
        if end != OPEN and children and not flow:
            end = children[-1].stop  # no bracket ends it
        mapping = isinstance(event, MappingStartEvent)
        node = Collection(children, mapping, flow, start, end, _properties(event))
        siblings = self.open[-1][1] if self.open else self.roots
        siblings.append(node)
        return siblings

    def _scalar(self, event: ScalarEvent, start: int, stop: int) -> Scalar:
        if event.anchor is not None:
            start = min(_after_anchor(self._text, start, event.anchor), stop)
        if event.style in _BLOCKS:
            stop = max(_end_of_block(self._text, start, stop, event.value), start)
        return Scalar(event.value, event.style or "", start, stop - start, _properties(event))


def _properties(event: ScalarEvent | CollectionStartEvent) -> Properties | None:
    if event.anchor is None and event.tag is None:
        return None
    return Properties(_start(event), event.anchor, event.tag)


def _after_anchor(text: str, index: int, anchor: str) -> int:
    """Find where a value itself begins: an anchor counts as a part of it for the parser."""
    return skip_gap(text, index + len(anchor) + 1)


def _end_of_block(text: str, start: int, end: int, said: str) -> int:
    if end - start > 1 and text[end - 1] == "\n" and text[end - 2] not in " \r\n":
        return end - 1  # the last line is not empty: most are so
    written = text[start:end]
    if keeps_lines(written):
        return start + len(written.removesuffix("\n").removesuffix("\r"))
    lines = written.split("\n")
    deep = depth(lines[1:], said)
    while len(lines) > 1 and is_blank(lines[-1], deep):
        lines.pop()
    return start + len("\n".join(lines).removesuffix("\r"))


def _start(event: Event) -> int:
    assert event.start_mark is not None
    return int(event.start_mark.index)


def _end(event: Event) -> int:
    assert event.end_mark is not None
    return int(event.end_mark.index)
