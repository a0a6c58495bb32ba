"""Read YAML as it is written: libyaml says where each node stands, the comments lie in between."""

import re
from collections.abc import Iterable, Iterator
from itertools import count

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from ..yamltext.scanner import events_of
from .tree import Alias, Collection, Comment, File, Node, Scalar, Unit

_COMMENT = re.compile(r"#[^\n]*")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+(?:\s|(?<=\s)#[^\n]*)*")
_Span = tuple[int, int]


def read(text: str) -> File:
    """Read a text that the loader has read without a problem."""
    text = _with_plain_breaks(text)
    events = list(events_of(text))
    contents, comments = _parts(text, events)
    marks = _blanked(text, [*contents, *((c.start, c.start + len(c.text)) for c in comments)])
    return File(
        text=text,
        root=_root(_Builder(text, marks), events),
        comments=comments,
        explicit=any(e.explicit for e in events if isinstance(e, DocumentStartEvent)),
    )


def comments_of(text: str) -> tuple[Comment, ...]:
    """Find the comments of a text, and nothing else."""
    text = _with_plain_breaks(text)
    return _parts(text, events_of(text))[1]


def _with_plain_breaks(text: str) -> str:
    return re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))


def _parts(text: str, events: Iterable[Event]) -> tuple[list[_Span], tuple[Comment, ...]]:
    contents = [_content(event, text) for event in events if isinstance(event, ScalarEvent)]
    return contents, tuple(_comments(text, contents))


def _root(builder: "_Builder", events: list[Event]) -> Collection | None:
    following = iter(events)
    for event in following:
        if isinstance(event, MappingStartEvent):
            return builder.collection(event, following)
    return None


class _Builder:
    """Builds the tree; units are numbered in the order in which they begin."""

    def __init__(self, text: str, marks: str) -> None:
        self._text = text
        self._marks = marks
        self._numbers = count()

    def collection(
        self, start: MappingStartEvent | SequenceStartEvent, events: Iterator[Event]
    ) -> Collection:
        mapping, flow = isinstance(start, MappingStartEvent), bool(start.flow_style)
        units: list[Unit] = []
        for event in events:
            if isinstance(event, CollectionEndEvent):
                break
            units.append(self._entry(event, events) if mapping else self._item(event, events, flow))
        begin, end = _start(start), _end(event)
        if not flow:
            end = max((unit.value.end for unit in units), default=end)
        return Collection(tuple(units), mapping, flow, start.anchor, begin, end)

    def _entry(self, event: Event, events: Iterator[Event]) -> Unit:
        number = next(self._numbers)
        key = self._node(event, events)
        assert not isinstance(key, Collection), "the loader refuses such keys"
        return Unit(number, key, self._node(next(events), events), _start(event))

    def _item(self, event: Event, events: Iterator[Event], flow: bool) -> Unit:
        number, start = next(self._numbers), _start(event)
        if not flow:
            start = self._marks.rindex("-", 0, start)
        return Unit(number, None, self._node(event, events), start)

    def _node(self, event: Event, events: Iterator[Event]) -> Node:
        if isinstance(event, AliasEvent):
            assert event.anchor
            return Alias(event.anchor, _start(event), _end(event))
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        assert isinstance(event, MappingStartEvent | SequenceStartEvent)
        return self.collection(event, events)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        begin, end = _raw(event, self._text), _end(event)
        raw = self._text[begin:end]
        style = raw[:1] if event.style and not event.style.isspace() else ""
        return Scalar(raw, event.value, style, event.anchor, begin, end)


def _raw(event: ScalarEvent, text: str) -> int:
    """Find where a scalar itself begins: an anchor counts as a part of it for the parser."""
    begin = _start(event)
    if event.anchor is not None:
        anchor = _ANCHOR.match(text, begin, _end(event))
        begin = anchor.end() if anchor else begin
    return begin


def _content(event: ScalarEvent, text: str) -> _Span:
    """Find the part of a scalar that no comment can be in: not the first line of a block."""
    begin, end = _raw(event, text), _end(event)
    if event.style in ("|", ">"):
        begin = text.find("\n", begin, end)
        begin = end if begin < 0 else begin
    return begin, end


def _comments(text: str, contents: Iterable[_Span]) -> Iterator[Comment]:
    at = 0
    for begin, end in [*contents, (len(text), len(text))]:
        while at < begin and (found := _COMMENT.search(text, at, begin)):
            before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            yield Comment(found[0].rstrip(), found.start(), not before.strip())
            at = found.end()
        at = max(at, end)


def _blanked(text: str, spans: Iterable[_Span]) -> str:
    parts = []
    at = 0
    for begin, end in sorted(spans):
        parts += [text[at:begin], " " * (end - begin)]
        at = end
    return "".join([*parts, text[at:]])


def _start(event: Event) -> int:
    assert event.start_mark
    return int(event.start_mark.index)


def _end(event: Event) -> int:
    assert event.end_mark
    return int(event.end_mark.index)
