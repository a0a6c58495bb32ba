"""Where the files of a folder name a resource: its own block, and everything that refers to it.

What is found is a guess that leans on the schemas; whoever edits it reads the result again, and
compares.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..catalogue import Kind
from ..configuration.expand import DEFAULTS, TEMPLATES
from ..configuration.expand.marks import alone
from ..configuration.expand.names import PARAMETERS, WITH
from ..configuration.load import SETTINGS
from ..values.column import Column
from ..yamltext.tree import Alias, Collection, Node, Scalar, Tree, below, entries, name_of

_LOOKUP = "lookup"
_MERGE = "<<"
_PROTECT = "protect"
_DEFAULT = "default"


class Mention(NamedTuple):
    """A text that is a key of a kind, or of the instances of a template.

    ``whole`` texts are ``kind.key``, and name no kind; a ``pair`` is the key of a link; ``fixed``
    is one where nothing but a key can stand. What is ``own`` begins a block.
    """

    node: Scalar
    name: str
    own: bool = False
    pair: bool = False
    whole: bool = False
    fixed: bool = False


class Looking(NamedTuple):
    """A lookup of a row of a kind: where it stands, and the texts that it compares with."""

    node: Node
    kind: str
    criteria: frozenset[tuple[str, str]]


Feeds = Mapping[str, Mapping[str, frozenset[str]]]
"""For each template and parameter the kinds that arguments are keys of."""


@dataclass(slots=True)
class Mentions:
    """Finds mentions in the trees of all files; ``templates`` are those they declare, by name."""

    kinds: Mapping[str, Kind]
    templates: dict[str, tuple["_File", Node]] = field(default_factory=dict)
    feeds: Feeds = field(default_factory=dict)

    @classmethod
    def of(cls, kinds: Mapping[str, Kind], trees: Iterable[Tree]) -> "Mentions":
        """Find the templates first: what their parameters are for decides about arguments."""
        found = cls(kinds)
        for tree in trees:
            file = _File(tree, found)
            for name, template in _named(file.entry(tree.root, TEMPLATES), file):
                found.templates.setdefault(name, (file, template))
        while (feeds := found._feeds()) != found.feeds:  # each round goes one template deeper
            found.feeds = feeds
        return found

    def find(self, tree: Tree) -> Iterator[Mention]:
        """Iterate over what a file names; nothing is told twice."""
        seen: set[tuple[int, str]] = set()
        for mention in _File(tree, self).find():
            if (mention.node.start, mention.name) not in seen:
                seen.add((mention.node.start, mention.name))
                yield mention

    def lookups(self, tree: Tree) -> Iterator[Looking]:
        """Iterate over the lookups in a file."""
        file = _File(tree, self)
        for _ in file.find():
            pass
        yield from {looking.node.start: looking for looking in file.lookups}.values()

    def _feeds(self) -> Feeds:
        feeds: dict[str, dict[str, frozenset[str]]] = {}
        for name, (file, template) in self.templates.items():
            own = feeds.setdefault(name, {})
            file.walked.clear()
            for mention in file.body(template):
                parameter = alone(mention.node.text)
                if parameter and not mention.own:
                    own[parameter] = own.get(parameter, frozenset()) | {mention.name}
        return feeds


@dataclass(slots=True)
class _File:
    tree: Tree
    all: Mentions
    anchors: dict[str, list[Node]] = field(default_factory=dict)
    walked: set[tuple[int, str]] = field(default_factory=set)
    lookups: list[Looking] = field(default_factory=list)

    def __post_init__(self) -> None:
        for node in below(self.tree.root) if self.tree.root else ():
            if not isinstance(node, Alias) and node.properties and node.properties.anchor:
                self.anchors.setdefault(node.properties.anchor, []).append(node)

    def resolved(self, node: Node) -> Node | None:
        """Follow an alias to the anchor before it."""
        if not isinstance(node, Alias):
            return node
        named = self.anchors.get(node.name, [])
        number = bisect_left(named, node.start, key=lambda one: one.start)
        return named[number - 1] if number else None

    def entries(self, node: Node | None) -> Iterator[tuple[Node, Node]]:
        """Iterate over the keys and values of a mapping, with what is merged in."""
        found = self.resolved(node) if node is not None else None
        for key, value in entries(found) if found is not None else ():
            if name_of(key) == _MERGE:
                merged = self.resolved(value)
                many = isinstance(merged, Collection) and not merged.mapping
                for one in merged.children if isinstance(merged, Collection) and many else [value]:
                    yield from self.entries(one)
            else:
                target = self.resolved(value)
                if target is not None:
                    yield key, target

    def items(self, node: Node) -> Iterator[Node]:
        """Iterate over the items of a list."""
        if isinstance(node, Collection) and not node.mapping:
            for child in node.children:
                target = self.resolved(child)
                if target is not None:
                    yield target

    def entry(self, node: Node | None, name: str) -> Node | None:
        """Find an entry of a mapping."""
        return next((value for key, value in self.entries(node) if name_of(key) == name), None)

    def find(self) -> Iterator[Mention]:
        for key, value in self.entries(self.tree.root):
            name = name_of(key)
            if name == SETTINGS:
                protected = self.entry(value, _PROTECT)
                for item in self.items(protected) if protected else ():
                    if isinstance(item, Scalar):
                        yield Mention(item, "", whole=True)
            elif name == TEMPLATES:
                for template, body in _named(value, self):
                    yield from self.body(body)
                    yield from self.defaults(template, body)
            elif name == DEFAULTS:
                for kind, columns in _named(value, self):
                    yield from self.columns(columns, kind)
            else:
                yield from self.section(name, value)

    def body(self, template: Node) -> Iterator[Mention]:
        """Find what the rows of a template name."""
        for name, section in _named(template, self):
            if name != PARAMETERS:
                yield from self.section(name, section)

    def defaults(self, template: str, body: Node) -> Iterator[Mention]:
        """Find what the defaults of a template's parameters name."""
        for name, parameter in _named(self.entry(body, PARAMETERS), self):
            value = self.entry(parameter, _DEFAULT)
            if value is not None:
                yield from self.argument(template, name, value)

    def section(self, name: str, section: Node) -> Iterator[Mention]:
        """Find what the blocks of a kind, or the instances of a template, name."""
        kind = self.all.kinds.get(name)
        if kind is None and name not in self.all.templates:
            return
        for item in self.items(section) if kind else ():
            yield from self.columns(item, name)
        for key, value in self.entries(section):
            if isinstance(key, Scalar):
                yield Mention(key, name, own=True)
            yield from self.columns(value, name) if kind else self.instance(name, value)

    def instance(self, template: str, node: Node) -> Iterator[Mention]:
        for key, value in self.entries(node):
            if name_of(key) != WITH:
                yield from self.argument(template, name_of(key), value)
                continue
            for name, section in _named(value, self):
                kind = self.all.kinds.get(name)
                for made, columns in self.entries(section) if kind else ():
                    if isinstance(made, Scalar) and kind:
                        yield Mention(made, name, pair=kind.is_link)
                    yield from self.columns(columns, name)

    def argument(self, template: str, name: str, value: Node) -> Iterator[Mention]:
        for kind in self.all.feeds.get(template, {}).get(name, ()):
            if isinstance(value, Scalar):
                yield Mention(value, kind)

    def columns(self, node: Node, name: str) -> Iterator[Mention]:
        """Find what the columns of a kind refer to."""
        kind = self.all.kinds.get(name)
        if kind is None or (node.start, name) in self.walked:
            return
        self.walked.add((node.start, name))
        for key, value in self.entries(node):
            column = kind.inputs.get(name_of(key)) or kind.columns.get(name_of(key))
            if column is not None:
                yield from self.column(column, value)

    def column(self, column: Column, value: Node) -> Iterator[Mention]:
        if column.reference:
            yield from self.reference(value, column.reference.kind)
        elif column.places:
            targets = {p.property: p.target.kind for p in column.places if p.property}
            keys = next((p.target.kind for p in column.places if not p.property), None)
            for key, inner in self.entries(value) if keys else ():
                if isinstance(key, Scalar) and keys:
                    yield Mention(key, keys, fixed=True)
                yield from self.json(inner, targets)
            if not keys:
                yield from self.json(value, targets)

    def reference(self, value: Node, kind: str) -> Iterator[Mention]:
        if isinstance(value, Scalar):
            yield Mention(value, kind)
            return
        criteria = self.entry(value, _LOOKUP)
        if criteria is not None:
            texts = (
                (name_of(k), v.text) for k, v in self.entries(criteria) if isinstance(v, Scalar)
            )
            self.lookups.append(Looking(value, kind, frozenset(texts)))
            yield from self.columns(criteria, kind)

    def json(self, node: Node, targets: Mapping[str, str]) -> Iterator[Mention]:
        for item in self.items(node):
            yield from self.json(item, targets)
        for key, value in self.entries(node):
            target = targets.get(name_of(key))
            if target and (isinstance(value, Scalar) or self.entry(value, _LOOKUP) is not None):
                yield from self.reference(value, target)
            else:
                yield from self.json(value, targets)


def _named(node: Node | None, file: _File) -> Iterator[tuple[str, Node]]:
    return ((name_of(key), value) for key, value in file.entries(node))
