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
from .tree import (
    OPEN,
    Alias,
    AnotherDocument,
    Collection,
    Node,
    Properties,
    Scalar,
    TooDeep,
    Tree,
)

MAX_DEPTH = 100


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
                start, stop, style = event.start_mark, event.end_mark, event.style
                assert start is not None
                assert stop is not None
                if style in ("|", ">") or event.anchor is not None or event.tag is not None:
                    children.append(self._scalar(event, start.index, stop.index))
                else:
                    children.append(Scalar(event.value, style or "", start.index, stop.index))
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
        flow = bool(event.flow_style)
        start = _after_anchor(self._text, _start(event), event.anchor)
        if end != OPEN and children and not flow:
            end = max(child.stop for child in children[-2:])  # no bracket ends it
        mapping = isinstance(event, MappingStartEvent)
        node = Collection(children, mapping, flow, start, end, _properties(event))
        siblings = self.open[-1][1] if self.open else self.roots
        siblings.append(node)
        return siblings

    def _scalar(self, event: ScalarEvent, start: int, stop: int) -> Scalar:
        begin = min(_after_anchor(self._text, start, event.anchor), stop)
        if event.style in ("|", ">"):
            stop = max(_end_of_block(self._text, begin, stop, event.value), begin)
        return Scalar(event.value, event.style or "", begin, stop, _properties(event))


def _properties(event: ScalarEvent | CollectionStartEvent) -> Properties | None:
    if event.anchor is None and event.tag is None:
        return None
    return Properties(_start(event), event.anchor, event.tag)


def _after_anchor(text: str, index: int, anchor: str | None) -> int:
    """Find where a value itself begins: an anchor counts as a part of it for the parser."""
    return index if anchor is None else skip_gap(text, index + len(anchor) + 1)


def _end_of_block(text: str, start: int, end: int, said: str) -> int:
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
