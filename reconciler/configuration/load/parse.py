"""From YAML text to nodes, by the C parser's events; its constructor decides types too early.

Tags, duplicate keys, exploding aliases and deep nesting become problems on the way.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    YAMLError,
)

from ...diagnostics import Code, Position, Problem
from ...yamltext.scanner import Parser, find_conflict, parser_of
from .nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null, position
from .problems import Report
from .syntax import report_conflict, report_syntax_error

MAX_DEPTH = 100
MAX_ALIASED = 1_000_000
"""How many values aliases may add to a file; what is written out is bounded by the file's size."""

MERGE = "<<"


class Parsed(NamedTuple):
    """What one file holds: ``root`` is None where it is empty or could not be read.

    ``broken`` means that the rest of the file is not known, so that a name missing from
    it proves nothing.
    """

    root: MappingNode | None
    broken: bool
    problems: tuple[Problem, ...]


def parse(text: str, file: str) -> Parsed:
    """Read one file's text; never raises for bad text, it is all in the problems."""
    report = Report()
    conflict = find_conflict(text)
    if conflict is not None:
        report_conflict(Position(file, conflict + 1, 1), report)
        return Parsed(None, True, report.problems)
    builder = _Builder(file, report)
    try:
        builder.read(parser_of(text))
    except YAMLError as error:
        report_syntax_error(error, text, file, report)
        return Parsed(None, True, report.problems)
    except _StoppedError:
        return Parsed(None, True, report.problems)
    return _root(builder.documents, file, report)


def _root(documents: list[Node], file: str, report: Report) -> Parsed:
    if not documents or is_null(documents[0]):
        return Parsed(None, False, report.problems)
    root = documents[0]
    if isinstance(root, MappingNode):
        return Parsed(root, False, report.problems)
    what = "a list" if isinstance(root, SequenceNode) else "a single value"
    report.error(
        "not-a-mapping",
        f"the file holds {what}, not a mapping of kinds",
        position(file, root),
        hint="begin with a kind, such as `contacts:`",
    )
    return Parsed(None, True, report.problems)


class _StoppedError(Exception):
    """Reading on would cost too much; the problem is already reported."""


_LOST = Scalar("", True, -1, -1)
"""What an alias without an anchor stands for: its entry is left out, and once reported."""


class _Anchor(NamedTuple):
    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun; ``children`` of a mapping are keys and values in turn."""

    event: CollectionStartEvent
    children: list[Node]
    size_before: int
    height: int = 0


@dataclass(slots=True)
class _Builder:
    file: str
    report: Report
    documents: list[Node] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Anchor | None] = field(default_factory=dict)
    size: int = 0
    aliased: int = 0
    lost: bool = False

    def read(self, parser: Parser) -> None:
        next_event = parser.get_event
        children = self.documents
        # This loop runs once per scalar of every file, so its commonest case is written out here.
        while (event := next_event()) is not None:
            if isinstance(event, ScalarEvent):
                mark = event.start_mark
                assert mark is not None
                scalar = Scalar(event.value, event.implicit[0], mark.line, mark.column)
                if event.tag is not None or event.anchor is not None:
                    scalar = self._marked_scalar(event, scalar)
                children.append(scalar)
            elif isinstance(event, CollectionStartEvent):
                children = self._begin(event)
            elif isinstance(event, CollectionEndEvent):
                children = self._end()
            elif isinstance(event, AliasEvent):
                children.append(self._alias(event))
            elif isinstance(event, DocumentStartEvent) and self.documents:
                self._many_documents(event)
                return

    def _marked_scalar(self, event: ScalarEvent, scalar: Scalar) -> Scalar:
        if event.tag is not None:
            self._refuse_tag(event.tag, scalar)
            scalar = scalar._replace(plain=event.style in (None, ""))
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchor(scalar, 1, 0)
        return scalar

    def _begin(self, event: CollectionStartEvent) -> list[Node]:
        if len(self.open) >= MAX_DEPTH:
            self._too_deep(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(event, [], self.size))
        return self.open[-1].children

    def _end(self) -> list[Node]:
        opened = self.open.pop()
        event = opened.event
        self.size += len(opened.children)
        node = self._node(opened)
        if event.tag is not None:
            self._refuse_tag(event.tag, node)
        height = opened.height + 1
        if event.anchor is not None:
            size = self.size - opened.size_before + 1
            self.anchors[event.anchor] = _Anchor(node, size, height)
        if not self.open:
            self.documents.append(node)
            return self.documents
        parent = self.open[-1]
        parent.height = max(parent.height, height)
        parent.children.append(node)
        return parent.children

    def _node(self, opened: _Open) -> MappingNode | SequenceNode:
        line, column = _start(opened.event)
        children = opened.children
        if isinstance(opened.event, SequenceStartEvent):
            items = [c for c in children if c is not _LOST] if self.lost else children
            return SequenceNode(items, line, column)
        file, pairs = self.file, iter(children)
        entries = {
            key.text: Entry(key, value, file)
            for key, value in zip(pairs, pairs, strict=True)
            if type(key) is Scalar and key is not _LOST and value is not _LOST
        }
        if len(entries) * 2 != len(children):
            self._report_lost_keys(children)
        if MERGE in entries and entries[MERGE].key.plain:
            entries = self._merge(entries)
        return MappingNode(entries, line, column)

    def _report_lost_keys(self, children: list[Node]) -> None:
        seen: dict[str, Node] = {}
        for key in children[::2]:
            if key is _LOST:
                continue
            place = position(self.file, key)
            if not isinstance(key, Scalar):
                message = "a key is a list or a mapping; keys are plain words"
                self.report.error("complex-key", message, place, hint="quote the key")
            elif key.text in seen:
                first = position(self.file, seen[key.text])
                message = f"the key {key.text!r} is given twice, first at {first}"
                self.report.error("duplicate-key", message, place, hint=_instead(key))
            else:
                seen[key.text] = key

    def _merge(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        """Put merged entries first; own keys win, and of several merged mappings the earlier."""
        merge = entries.pop(MERGE)
        value = merge.value
        sources = value.items if isinstance(value, SequenceNode) else [value]
        merged: dict[str, Entry] = {}
        for source in reversed(sources):
            if isinstance(source, MappingNode):
                merged.update(source.entries)
            else:
                place = position(self.file, source)
                message = "`<<` takes a mapping or a list of mappings"
                self.report.error("bad-merge", message, place, hint="such as `<<: *defaults`")
        return merged | entries

    def _alias(self, event: AliasEvent) -> Node:
        place, name = self._place(event), event.anchor
        assert name is not None
        if name not in self.anchors:
            hint = f"write `&{name}` at the value it stands for, before this line"
            self.report.error("unknown-alias", f"no anchor is called {name!r}", place, hint=hint)
            self.lost = True
            return _LOST
        anchor = self.anchors[name]
        if anchor is None:
            message = f"the alias {name!r} stands inside its own value"
            self._stop("alias-expansion", message, place, "write the value out")
        if len(self.open) + anchor.height > MAX_DEPTH:
            self._too_deep(event)
        self.size += anchor.size
        self.aliased += anchor.size
        if self.aliased > MAX_ALIASED:
            message = f"aliases add more than {MAX_ALIASED:,} values to this file"
            self._stop("alias-expansion", message, place, "write fewer aliases of aliases")
        self.open[-1].height = max(self.open[-1].height, anchor.height)
        return self._placed(anchor.node, event)

    def _placed(self, node: Node, event: AliasEvent) -> Node:
        """Place keys and items where they stand; a text is masked where it is written."""
        parent = self.open[-1]
        is_key = isinstance(parent.event, MappingStartEvent) and len(parent.children) % 2 == 0
        if isinstance(node, Scalar) and not is_key:
            return node
        line, column = _start(event)
        return node._replace(line=line, column=column)

    def _too_deep(self, event: Event) -> None:
        message = f"values are nested more than {MAX_DEPTH} deep"
        self._stop("too-deep", message, self._place(event), "nest less")

    def _stop(self, code: Code, message: str, place: Position, hint: str) -> NoReturn:
        self.report.error(code, message, place, hint=hint)
        raise _StoppedError

    def _refuse_tag(self, tag: str, node: Node) -> None:
        # The parser gives `!!str` in full; people should see what they wrote.
        written = tag.replace("tag:yaml.org,2002:", "!!")
        self.report.error(
            "tag",
            f"the tag {written} is not used here: the column decides the type",
            position(self.file, node),
            hint="take the tag away; put quotes around a text that begins with '!'",
        )

    def _many_documents(self, event: DocumentStartEvent) -> None:
        self.report.error(
            "many-documents",
            "the file holds more than one YAML document",
            self._place(event),
            hint="take the `---` line away, or make it two files",
        )

    def _place(self, event: Event) -> Position:
        line, column = _start(event)
        return Position(self.file, line + 1, column + 1)


def _instead(key: Scalar) -> str:
    """Say what to do about a key that is given twice; of what two merges give, all may be meant."""
    merges = key.plain and key.text == MERGE
    return f"merge both: `{MERGE}: [*first, *second]`" if merges else "keep one of the two"


def _start(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    assert mark is not None
    return mark.line, mark.column
