"""Where the arguments of templates come to stand: in a column that may be shown, or not.

Templates that are wrong are looked through, too: what is shown of them must be masked as well.
"""

from collections.abc import Iterator, Mapping, Set
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from ...catalogue import Kind
from ..load import Loaded
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from .marks import named_in
from .names import DESCRIPTION, PARAMETERS, TEMPLATES, WITH
from .template import rows_of

_Parameter: TypeAlias = tuple[str, str]
"""A template's name, and that of one of its parameters."""


class Use(IntEnum):
    """What a parameter comes to stand in; the last is the strictest."""

    SHOWN, REFERENCE, PRIVATE = range(3)


class Arguments(NamedTuple):
    """What is known of the arguments of templates.

    ``names`` are those of the templates; ``uses`` give the strictest use of each parameter that is
    declared, and stands anywhere. Not ``complete``: a file that was not understood may hold more.
    """

    names: Set[str]
    uses: Mapping[_Parameter, Use]
    complete: bool

    @classmethod
    def of(cls, loaded: Loaded, kinds: Mapping[str, Kind]) -> "Arguments":
        """Look through the templates of all files, as far as they were understood."""
        sources = list(loaded.sources)
        roots = [source.root.entries for source in sources if source.root]
        nodes = [root[TEMPLATES].value for root in roots if TEMPLATES in root]
        declared = [node.entries for node in nodes if isinstance(node, MappingNode)]
        finder = _Finder(kinds, {name for entries in declared for name in entries})
        for entries in declared:
            for name, entry in entries.items():
                finder.look_through(name, entry.value)
        complete = not any(s.root is None and TEMPLATES in s.text for s in sources)
        return cls(finder.names, finder.result(), complete)


class _Finder:
    def __init__(self, kinds: Mapping[str, Kind], names: Set[str]) -> None:
        self._kinds = kinds
        self.names = names
        self._declared: set[_Parameter] = set()
        self._uses: dict[_Parameter, Use] = {}
        self._handed_on: dict[_Parameter, set[_Parameter]] = {}

    def look_through(self, template: str, node: Node) -> None:
        """Find the uses in one template."""
        for name, entry in node.entries.items() if isinstance(node, MappingNode) else ():
            if name == PARAMETERS:
                declared = entry.value.entries if isinstance(entry.value, MappingNode) else ()
                self._declared |= {(template, parameter) for parameter in declared}
            elif name != DESCRIPTION:
                self._section(template, name, entry)

    def result(self) -> Mapping[_Parameter, Use]:
        """Hand the uses of inner templates on to the parameters that are given to them."""
        unknown = self._handed_on.keys() - self._declared
        self._uses.update(dict.fromkeys(unknown, Use.PRIVATE))
        for use in (Use.PRIVATE, Use.REFERENCE, Use.SHOWN):
            waiting = [parameter for parameter, found in self._uses.items() if found is use]
            while waiting:
                for outer in self._handed_on.get(waiting.pop(), ()):
                    if self._uses.get(outer, -1) < use:
                        self._uses[outer] = use
                        waiting.append(outer)
        return {name: use for name, use in self._uses.items() if name in self._declared}

    def _section(self, template: str, name: str, section: Entry) -> None:
        if isinstance(section.value, Scalar):
            self._mark(template, section.value, Use.PRIVATE)
        for _, row, _ in rows_of(section):
            if not isinstance(row, MappingNode):
                self._mark(template, row, Use.PRIVATE)
            elif name in self._kinds:
                for column, entry in row.entries.items():
                    use = _use_in(self._kinds[name], column, entry.value)
                    self._mark(template, entry.value, use)
            elif name in self.names:
                self._instance(template, name, row)
            else:
                self._mark(template, row, Use.PRIVATE)

    def _instance(self, template: str, inner: str, row: MappingNode) -> None:
        for name, entry in row.entries.items():
            if name == WITH and isinstance(entry.value, MappingNode):
                for kind, section in entry.value.entries.items():
                    self._section(template, kind, section)
            elif not name.startswith("$"):
                outer = {(template, parameter) for parameter in _named(entry.value)}
                self._handed_on.setdefault((inner, name), set()).update(outer)
            else:
                self._mark(template, entry.value, Use.SHOWN)

    def _mark(self, template: str, node: Node, use: Use) -> None:
        for name in _named(node):
            known = self._uses.get((template, name), use)
            self._uses[template, name] = max(known, use)


def _use_in(kind: Kind, name: str, value: Node) -> Use:
    column = kind.inputs.get(name) or kind.columns.get(name)
    if name.startswith("$"):
        return Use.SHOWN
    if column is not None and column.reference and isinstance(value, Scalar):
        return Use.REFERENCE
    shown = column is not None and not column.reference and not column.private
    return Use.SHOWN if shown else Use.PRIVATE


def _named(node: Node) -> Iterator[str]:
    """Iterate over the parameters that a node names."""
    if isinstance(node, Scalar):
        yield from (name for name, _ in named_in(node.text) if name is not None)
        return
    values = (
        node.items
        if isinstance(node, SequenceNode)
        else [entry.value for entry in node.entries.values()]
    )
    for value in values:
        yield from _named(value)
