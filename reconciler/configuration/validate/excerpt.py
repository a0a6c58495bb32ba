"""The line that a problem is about, with the values of private columns masked."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import accumulate
from typing import NamedTuple

from ...catalogue import Kind
from ...diagnostics import Problem
from ...values.address import KEY_PATTERN, UUID_PATTERN
from ...yamltext.lines import LINE_BREAK, Lines
from ..expand.names import DEFAULTS, PARAMETERS, TEMPLATES, WITH
from ..expand.uses import Arguments, Use
from ..load import SETTINGS, Loaded, Source
from ..load.nodes import MappingNode, Node, Scalar, is_null
from ..words import ABSENT, IGNORE, RENAMED_FROM

MASK = "***"
_WIDEST = 160
_WORDS = (
    SETTINGS,
    "stack",
    "organization",
    "protect",
    "lookup",
    IGNORE,
    ABSENT,
    RENAMED_FROM,
)
_BETWEEN = " \t,}]{["
_OPENING, _CLOSING = "{[", "}]"
_NAME = re.compile(r"""["']?([\w$-]+)["']?\s*:(?=\s|\Z)""")
_LEAD = re.compile(r"[\s{\[-]*")
_VARIABLE = re.compile(r"""["']?\$\{\w+\}["']?\Z""")


class Excerpt(NamedTuple):
    """One line of a file, private parts masked; ``caret`` counts from 1 in this very text."""

    text: str
    caret: int


class Excerpts:
    """Finds the line of each problem; a file is looked through once, however many it has."""

    def __init__(self, loaded: Loaded, kinds: Mapping[str, Kind]) -> None:
        private = _Private(kinds, Arguments.of(loaded, kinds))
        self._files = {source.file: _Lines(source, private) for source in loaded.sources}

    def of(self, problem: Problem) -> Excerpt | None:
        """Show the line that a problem is about, or None where it is about no line."""
        place = problem.position
        lines = self._files.get(place.file) if place else None
        return lines.excerpt(place.line, place.column) if lines and place else None


class _Start(NamedTuple):
    """Where a value begins; it goes on until the next one begins."""

    place: int
    private: bool


def _packed(start: _Start) -> int:
    """Pack a start into 64 bits that sort as it does: a file may have a million."""
    return start.place << 1 | start.private


def _unpacked(number: int) -> _Start:
    return _Start(number >> 1, bool(number & 1))


class _Private:
    """Which nodes of a file are values that must not be shown."""

    def __init__(self, kinds: Mapping[str, Kind], arguments: Arguments) -> None:
        self._kinds = kinds
        self._arguments = arguments
        columns = [c for k in kinds.values() for c in (*k.columns.values(), *k.inputs.values())]
        # A reference is no secret, but what stands in its place by mistake may be one.
        self.names = frozenset(c.name for c in columns if c.private or c.reference)
        self.shown = frozenset(c.name for c in columns) - self.names | {*kinds, *_WORDS}
        hidden = {name for (_, name), use in arguments.uses.items() if use is not Use.SHOWN}
        self.guessed = self.shown - hidden if arguments.complete else frozenset({*kinds, *_WORDS})
        """What may be shown in a file that was not understood."""

    def starts(self, root: MappingNode) -> "array[int]":
        """List where everything begins, in the order of the file, each packed into a number.

        Of two that begin in one place the private one is the later.
        """
        found = array("Q", map(_packed, self._top(root)))
        return array("Q", sorted(found))

    def _top(self, root: MappingNode) -> Iterator[_Start]:
        for name, entry in root.entries.items():
            yield _Start(entry.key.place, private=False)
            if name == SETTINGS:
                yield from self._all(entry.value, private=False)
            else:
                yield from self._section(name, entry.value)

    def _section(self, name: str, node: Node) -> Iterator[_Start]:
        if name in self._kinds:
            yield from self._rows(node, self._kinds[name])
        elif name == TEMPLATES:
            yield from self._each(node, self._template)
        elif name == DEFAULTS:
            yield from self._each(node, self._defaults)
        elif name in self._arguments.names:
            argument = partial(self._argument, name)
            yield from self._each(node, lambda _, instance: self._each(instance, argument))
        else:
            yield from self._by_name(node)

    def _each(
        self, node: Node, inside: Callable[[str, Node], Iterator[_Start]]
    ) -> Iterator[_Start]:
        """Show the names of a mapping; what is below each is looked at by its name."""
        yield _Start(node.place, isinstance(node, Scalar))
        if not isinstance(node, MappingNode):
            yield from self._all(node, private=True)
            return
        for name, entry in node.entries.items():
            yield _Start(entry.key.place, private=False)
            yield from inside(name, entry.value)

    def _template(self, _: str, node: Node) -> Iterator[_Start]:
        return self._each(node, self._in_template)

    def _in_template(self, name: str, node: Node) -> Iterator[_Start]:
        if name == PARAMETERS:
            return self._each(node, lambda _, rules: self._each(rules, self._rule))
        return self._section(name, node)

    def _rule(self, name: str, node: Node) -> Iterator[_Start]:
        # a default may be anybody's address
        return self._all(node, private=name == "default")

    def _argument(self, template: str, name: str, node: Node) -> Iterator[_Start]:
        """Show an argument where all that it becomes may be shown."""
        if name == WITH:
            return self._each(node, self._section)
        use = self._arguments.uses.get((template, name))
        if use is None:
            return self._all(node, private=name not in self.shown)
        stray = use is Use.REFERENCE and _is_stray(node)
        return self._all(node, private=stray or use is Use.PRIVATE)

    def _defaults(self, name: str, node: Node) -> Iterator[_Start]:
        kind = self._kinds.get(name)
        return self._row(node, kind) if kind else self._by_name(node)

    def _rows(self, node: Node, kind: Kind) -> Iterator[_Start]:
        yield _Start(node.place, isinstance(node, Scalar))
        if isinstance(node, MappingNode):
            for entry in node.entries.values():
                yield _Start(entry.key.place, private=False)
                yield from self._row(entry.value, kind)
        elif not isinstance(node, Scalar):
            for item in node.items:
                yield from self._row(item, kind)

    def _row(self, node: Node, kind: Kind) -> Iterator[_Start]:
        if not isinstance(node, MappingNode):
            yield from self._all(node, private=True)
            return
        yield _Start(node.place, private=False)
        for name, entry in node.entries.items():
            yield _Start(entry.key.place, private=False)
            column = kind.inputs.get(name) or kind.columns.get(name)
            if name.startswith("$"):
                yield from self._all(entry.value, private=False)
            elif column is not None and column.reference:
                yield from self._by_name(entry.value, private=_is_stray(entry.value))
            else:
                # A column that does not exist is often a private one, misspelled.
                yield from self._all(entry.value, private=column is None or column.private)

    def _by_name(self, node: Node, *, private: bool = False) -> Iterator[_Start]:
        yield _Start(node.place, private)
        if isinstance(node, MappingNode):
            for name, entry in node.entries.items():
                yield _Start(entry.key.place, private)
                # A name that no column has is often that of a private one, misspelled.
                shown = not private and name.partition("->>")[0] in self.shown
                yield from self._by_name(entry.value, private=not shown)
        elif not isinstance(node, Scalar):
            for item in node.items:
                yield from self._by_name(item, private=private)

    def _all(self, node: Node, *, private: bool) -> Iterator[_Start]:
        yield _Start(node.place, private)
        if isinstance(node, MappingNode):
            for entry in node.entries.values():
                yield _Start(entry.key.place, private)
                yield from self._all(entry.value, private=private)
        elif not isinstance(node, Scalar):
            for item in node.items:
                yield from self._all(item, private=private)


def _is_stray(node: Node) -> bool:
    """Tell whether a reference is nothing that may be shown, such as a mail address."""
    if isinstance(node, MappingNode):
        return list(node.entries) != ["lookup"]
    if not isinstance(node, Scalar):
        return True
    known = KEY_PATTERN.match(node.text) or UUID_PATTERN.match(node.text)
    return not known and not is_null(node)


class _Masked:
    """A line with its private parts masked; ``hidden`` says where they were."""

    def __init__(self, text: str, hidden: list[tuple[int, int]]) -> None:
        self.text = text
        self._hidden = hidden
        self._ends = [end for _, end in hidden]
        shorter = (len(MASK) - (end - begin) for begin, end in hidden)
        self._moved = [0, *accumulate(shorter)]

    def place(self, column: int) -> int:
        """Find a column of the line again; what was masked has its beginning left."""
        before = bisect_right(self._ends, column)
        inside = self._hidden[before : before + 1]
        return min([column, *(begin for begin, _ in inside)]) + self._moved[before]


class _Lines:
    def __init__(self, source: Source, private: _Private) -> None:
        self._source = source
        self._private = private
        # A line may be a whole file, and may have thousands of problems.
        self._masked: dict[int, _Masked] = {}

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_BREAK.split(self._source.text)

    @cached_property
    def _begins(self) -> "array[int]":
        begins = Lines(self._source.text).starts
        return array(begins.typecode, [*begins, len(self._source.text) + 1])

    @cached_property
    def _starts(self) -> "array[int]":
        root = self._source.root
        return self._private.starts(root) if root is not None else array("Q")

    def excerpt(self, line: int, column: int) -> Excerpt | None:
        """Show one line unless all of it is private; both numbers count from 1."""
        if not self._source.text or line > len(self._lines):
            return None
        if line not in self._masked:
            self._masked[line] = _masked(self._lines[line - 1], self._spans(line))
        shown = _window(self._masked[line], column - 1)
        return None if shown.text.strip() == MASK else shown

    def _spans(self, line: int) -> Iterator[tuple[int, int]]:
        text = self._lines[line - 1]
        return self._guessed(text) if self._source.root is None else self._known(line - 1, text)

    def _known(self, line: int, text: str) -> Iterator[tuple[int, int]]:
        """Find the private parts of a line in a file that was understood."""
        begin, end = self._begins[line], self._begins[line + 1]
        first = bisect_left(self._starts, _packed(_Start(begin, private=False)))
        before = _unpacked(self._starts[first - 1]).private if first else False
        at = 0
        last = bisect_left(self._starts, _packed(_Start(end, private=False)))
        for start in map(_unpacked, self._starts[first:last]):
            if before:
                # In front of the first value of a line there may be the dash of a list.
                part = text[at : start.place - begin].rstrip(_BETWEEN + ("-" if at == 0 else ""))
                yield _stripped(text, at, at + len(part))
            at, before = start.place - begin, start.private
        if before:
            yield _stripped(text, at, _before_closing(text, at))

    def _guessed(self, text: str) -> Iterator[tuple[int, int]]:
        """Find what may be private in a file that is not YAML: all but well-known names' values.

        What looks like a key there may be a line of somebody's notes.
        """
        lead = _LEAD.match(text)
        at = lead.end() if lead else 0
        first = _NAME.match(text, at)
        if first is None:
            yield _stripped(text, at, len(text))
            return
        for match in _NAME.finditer(text, at):
            if match[1] not in self._private.guessed:
                at = match.end() if match[1] in self._private.names else match.start()
                yield _stripped(text, at, len(text))
                return


def _before_closing(text: str, begin: int) -> int:
    """Leave out the brackets at the end of a line that close those opened before a value."""
    opened = sum(text.count(bracket, 0, begin) for bracket in _OPENING)
    opened -= sum(text.count(bracket, 0, begin) for bracket in _CLOSING)
    end = len(text.rstrip())
    while opened > 0 and end > begin and text[end - 1] in _CLOSING:
        opened, end = opened - 1, end - 1
    return end


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    part = text[begin:end]
    lead = len(part) - len(part.lstrip())
    return begin + lead, begin + len(part.rstrip())


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> _Masked:
    parts: list[str] = []
    hidden: list[tuple[int, int]] = []
    at = 0
    for begin, end in spans:
        if begin < end and not _VARIABLE.match(text[begin:end]):
            parts += [text[at:begin], MASK]
            hidden.append((begin, end))
            at = end
    return _Masked("".join([*parts, text[at:]]), hidden)


def _window(line: _Masked, column: int) -> Excerpt:
    caret = line.place(column)
    left = max(0, min(caret - _WIDEST // 2, len(line.text) - _WIDEST))
    cut = line.text[left : left + _WIDEST]
    if left:
        cut = "…" + cut[1:]
    if left + _WIDEST < len(line.text):
        cut = cut[:-1] + "…"
    return Excerpt(cut, caret - left + 1)
