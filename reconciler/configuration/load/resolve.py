"""From the tree of a text to nodes; PyYAML's constructor decides types too early.

Aliases and merges are resolved here, within bounds. Tags, duplicate keys, exploding aliases and
deep nesting become problems on the way, and so does what stopped the reading.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from yaml import YAMLError

from ...diagnostics import Code, Position, Problem
from ...yamltext.read import MAX_DEPTH
from ...yamltext.scanner import find_conflict
from ...yamltext.tree import MERGE, OPEN, Alias, AnotherDocument, Collection, Tree
from ...yamltext.tree import Node as Written
from .nodes import Entry, MappingNode, Node, Origin, Scalar, SequenceNode, is_null
from .problems import ProblemReport
from .syntax import report_conflict, report_syntax_error

MAX_ALIASED = 1_000_000
"""How many values aliases may add to a file; what is written out is bounded by the file's size."""


_new = tuple.__new__  # half the time of a named tuple's own, for the one that is made most often


class Parsed(NamedTuple):
    """What one file holds: ``root`` is None where it is empty or could not be read.

    ``broken`` means that the rest of the file is not known, so that a name missing from
    it proves nothing.
    """

    root: MappingNode | None
    broken: bool
    problems: tuple[Problem, ...]


def values_of(tree: Tree, file: str) -> Parsed:
    """Make values of what was read of a file; never raises, it is all in the problems."""
    report = ProblemReport()
    conflict = find_conflict(tree.text)
    if conflict is not None:
        report_conflict(Position(file, conflict + 1, 1), report)
        return Parsed(None, True, report.problems)
    resolver = Resolver(Origin(file, tree.text), report)
    root = None
    try:
        with suppress(OpenError):
            root = resolver.value(tree.root) if tree.root is not None else None
        resolver.end(tree)
    except StoppedError:
        return Parsed(None, True, report.problems)
    return _parsed(root, resolver.origin, report)


def _parsed(root: Node | None, origin: Origin, report: ProblemReport) -> Parsed:
    if root is None or is_null(root):
        return Parsed(None, False, report.problems)
    if isinstance(root, MappingNode):
        return Parsed(root, False, report.problems)
    what = "a list" if isinstance(root, SequenceNode) else "a single value"
    report.error(
        "not-a-mapping",
        f"the file holds {what}, not a mapping of kinds",
        origin.position(root),
        hint="begin with a kind, such as `contacts:`",
    )
    return Parsed(None, True, report.problems)


class StoppedError(Exception):
    """Reading on would cost too much, or is not possible; the problem is already reported."""


class OpenError(Exception):
    """What is walked was not read to its end: what stopped the reading is reported next."""


_LOST = Scalar("", "", -1, 0)
"""What an alias without an anchor stands for: its entry is left out, and once reported."""


class _Anchor(NamedTuple):
    node: Node
    size: int
    height: int


@dataclass(slots=True)
class Resolver:
    """Makes values; ``heights`` are those of what is open, so far: of what each holds."""

    origin: Origin
    report: ProblemReport
    heights: list[int] = field(default_factory=list)
    anchors: dict[str, _Anchor | None] = field(default_factory=dict)
    size: int = 0
    aliased: int = 0
    lost: bool = False

    def value(self, node: Written, *, is_key: bool = False) -> Node:
        """Make a value, or a key."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Alias):
            return self._alias(node, is_key=is_key)
        return self._collection(node)

    def _scalar(self, scalar: Scalar) -> Scalar:
        if scalar.properties is not None:
            if scalar.properties.tag is not None:
                self._refuse_tag(scalar.properties.tag, self.origin.position(scalar))
            if scalar.properties.anchor is not None:
                self.anchors[scalar.properties.anchor] = _Anchor(scalar, 1, 0)
        return scalar

    def _collection(self, node: Collection) -> MappingNode | SequenceNode:
        anchor = node.properties.anchor if node.properties else None
        if anchor is not None:
            self.anchors[anchor] = None
        size_before = self.size
        self.heights.append(0)
        mapping = node.mapping
        # This runs once per scalar of every file, so its commonest case is written out here.
        children = [
            child
            if type(child) is Scalar and child.properties is None
            else self.value(child, is_key=mapping and not number % 2)
            for number, child in enumerate(node.children)
        ]
        if node.stop == OPEN:
            raise OpenError
        self.size += len(children)
        made = self._mapping(node, children) if mapping else self._sequence(node, children)
        if node.properties and node.properties.tag is not None:
            self._refuse_tag(node.properties.tag, self.origin.position(made))
        height = self.heights.pop() + 1
        if anchor is not None:
            self.anchors[anchor] = _Anchor(made, self.size - size_before + 1, height)
        self._raise_to(height)
        return made

    def _raise_to(self, height: int) -> None:
        if self.heights:
            self.heights[-1] = max(self.heights[-1], height)

    def _sequence(self, node: Collection, children: list[Node]) -> SequenceNode:
        items = [child for child in children if child is not _LOST] if self.lost else children
        return SequenceNode(items, node.place)

    def _mapping(self, node: Collection, children: list[Node]) -> MappingNode:
        origin, pairs = self.origin, iter(children)
        entries = {
            key.text: _new(Entry, (key, value, origin))
            for key, value in zip(pairs, pairs, strict=True)
            if type(key) is Scalar and key is not _LOST and value is not _LOST
        }
        if len(entries) * 2 != len(children):
            self._report_lost_keys(children)
        if MERGE in entries and entries[MERGE].key.plain:
            entries = self._merge(entries)
        return MappingNode(entries, node.place)

    def _report_lost_keys(self, children: list[Node]) -> None:
        seen: dict[str, Node] = {}
        for key in children[::2]:
            if key is _LOST:
                continue
            place = self.origin.position(key)
            if not isinstance(key, Scalar):
                message = "a key is a list or a mapping; keys are plain words"
                self.report.error("complex-key", message, place, hint="quote the key")
            elif key.text in seen:
                first = self.origin.position(seen[key.text])
                message = f"the key {key.text!r} is given twice, first at {first}"
                hint = _instead(key)
                self.report.error("duplicate-key", message, place, hint=hint, others=(first,))
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
                place = self.origin.position(source)
                message = "`<<` takes a mapping or a list of mappings"
                self.report.error("bad-merge", message, place, hint="such as `<<: *defaults`")
        return merged | entries

    def _alias(self, alias: Alias, *, is_key: bool) -> Node:
        name = alias.name
        if name not in self.anchors:
            hint = f"write `&{name}` at the value it stands for, before this line"
            place = self.origin.at(alias.start)
            self.report.error("unknown-alias", f"no anchor is called {name!r}", place, hint=hint)
            self.lost = True
            return _LOST
        anchor = self.anchors[name]
        if anchor is None:
            message = f"the alias {name!r} stands inside its own value"
            self._stop("alias-expansion", message, alias.start, "write the value out")
        if len(self.heights) + anchor.height > MAX_DEPTH:
            self._too_deep(alias.start)
        self.size += anchor.size
        self.aliased += anchor.size
        if self.aliased > MAX_ALIASED:
            message = f"aliases add more than {MAX_ALIASED:,} values to this file"
            self._stop("alias-expansion", message, alias.start, "write fewer aliases of aliases")
        self._raise_to(anchor.height)
        return _placed(anchor.node, alias, is_key=is_key)

    def end(self, tree: Tree) -> None:
        """Report what stopped the reading, if anything did."""
        stopped = tree.stopped
        if isinstance(stopped, YAMLError):
            report_syntax_error(stopped, tree.text, self.origin.name, self.report)
            raise StoppedError
        if isinstance(stopped, AnotherDocument):
            self._many_documents(stopped.start)
        elif stopped is not None:
            self._too_deep(stopped.start)

    def _too_deep(self, start: int) -> NoReturn:
        message = f"values are nested more than {MAX_DEPTH} deep"
        self._stop("too-deep", message, start, "nest less")

    def _stop(self, code: Code, message: str, start: int, hint: str) -> NoReturn:
        self.report.error(code, message, self.origin.at(start), hint=hint)
        raise StoppedError

    def _refuse_tag(self, tag: str, place: Position) -> None:
        # The parser gives `!!str` in full; people should see what they wrote.
        written = tag.replace("tag:yaml.org,2002:", "!!")
        self.report.error(
            "tag",
            f"the tag {written} is not used here: the column decides the type",
            place,
            hint="take the tag away; put quotes around a text that begins with '!'",
        )

    def _many_documents(self, start: int) -> None:
        self.report.error(
            "many-documents",
            "the file holds more than one YAML document",
            self.origin.at(start),
            hint="take the `---` line away, or make it two files",
        )


def _placed(node: Node, alias: Alias, *, is_key: bool) -> Node:
    """Place keys and collections where their alias stands; a text is masked where it is written."""
    if not isinstance(node, Scalar):
        return _moved(node, alias.start)
    if is_key:
        return node._replace(start=alias.start, size=alias.stop - alias.start, properties=None)
    return node


def _moved(node: MappingNode | SequenceNode, place: int) -> Node:
    return node.placed(place) if isinstance(node, MappingNode) else node._replace(place=place)


def _instead(key: Scalar) -> str:
    """Say what to do about a key that is given twice; of what two merges give, all may be meant."""
    merges = key.plain and key.text == MERGE
    return f"merge both: `{MERGE}: [*first, *second]`" if merges else "keep one of the two"
