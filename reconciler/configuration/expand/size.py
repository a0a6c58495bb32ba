"""How much templates will make, computed before anything is made.

What a template makes grows with its arguments: by so much for each time that one of them stands in
it. So its size is a sum, and a template in a template is that sum put into another.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from .marks import named_in
from .names import KEY, WITH
from .template import Template, rows_of

_VALUES_EACH = 20
_CHARACTERS_EACH = 1000


class Size(NamedTuple):
    """Resources, values (lists, mappings and names, too), and characters of texts."""

    resources: int = 0
    values: int = 0
    characters: int = 0

    def __add__(self, other: object) -> "Size":
        """Add another size."""
        if not isinstance(other, Size):
            return NotImplemented
        return Size(*(one + two for one, two in zip(self, other, strict=True)))

    def times(self, number: int) -> "Size":
        """Take it a number of times."""
        return Size(*(number * each for each in self))


def most(resources: int) -> Size:
    """Say what may be made at most; values and characters go with the resources."""
    return Size(resources, _VALUES_EACH * resources, _CHARACTERS_EACH * resources)


class Sum(NamedTuple):
    """A size that depends on arguments: ``per`` says how often each of them stands in it."""

    base: Size
    per: Mapping[str, int]

    def __add__(self, other: object) -> "Sum":
        """Add another sum."""
        if not isinstance(other, Sum):
            return NotImplemented
        names = {**self.per, **other.per}
        per = {name: self.per.get(name, 0) + other.per.get(name, 0) for name in names}
        return Sum(self.base + other.base, per)

    def times(self, number: int) -> "Sum":
        """Take it a number of times."""
        return Sum(self.base.times(number), {n: number * c for n, c in self.per.items()})

    def of(self, arguments: Mapping[str, Size]) -> Size:
        """Put arguments in."""
        size = self.base
        for name, count in self.per.items():
            size += arguments.get(name, Size()).times(count)
        return size


def size_of(node: Node) -> Size:
    """Measure what is written."""
    return _size(list(_texts(node)))


def sums_of(templates: Mapping[str, Template]) -> Mapping[str, Sum]:
    """Compute the sums of all templates; those that use others come after them."""
    found: dict[str, Sum] = {}

    def sum_of(name: str) -> Sum:
        if name not in found:
            template, whole = templates[name], Sum(Size(), {})
            for section, entry in template.sections.items():
                for item, row, _ in rows_of(entry):
                    whole += _sum_of_row(item, row)
                    if section in templates:
                        whole += inside(templates[section], sum_of(section), item, row)
                    else:
                        whole += Sum(Size(resources=1), {})
            found[name] = whole
        return found[name]

    return {name: sum_of(name) for name in templates}


def size_made(template: Template, whole: Sum, key: str, node: Node) -> Size:
    """Compute what an instance makes."""
    arguments = dict(_given(template, node))
    sizes = {name: size_of(value) for name, value in arguments.items()}
    return whole.of({**sizes, KEY: Size(0, 1, len(key))})


def inside(template: Template, whole: Sum, item: Entry | None, row: Node) -> Sum:
    """Compute what an instance in another template makes, by the arguments of that one."""
    result = Sum(whole.base, {})
    given = {name: _sum(value) for name, value in _given(template, row)}
    given[KEY] = _sum(item.key) if item else Sum(Size(), {})
    for name, count in whole.per.items():
        result += given.get(name, Sum(Size(), {})).times(count)
    return result


def _given(template: Template, node: Node) -> "list[tuple[str, Node]]":
    entries = node.entries if isinstance(node, MappingNode) else {}
    found = []
    for name, parameter in template.parameters.items():
        value = entries[name].value if name in entries else parameter.default
        if value is not None:
            found.append((name, value))
    return found


def _sum_of_row(item: Entry | None, row: Node) -> Sum:
    return (_sum(item.key) if item else Sum(Size(), {})) + _sum(row)


def _sum(node: Node) -> Sum:
    texts = list(_texts(node))
    named = (name for text in texts for name, _ in named_in(text) if name is not None)
    return Sum(_size(texts), Counter(named))


def _size(texts: Collection[str]) -> Size:
    return Size(0, len(texts), sum(map(len, texts)))


def _texts(node: Node) -> Iterator[str]:
    """Give the text of each value and name; that of a list or mapping is empty."""
    if isinstance(node, Scalar):
        yield node.text
        return
    yield ""
    if isinstance(node, SequenceNode):
        for each in node.items:
            yield from _texts(each)
        return
    for name, entry in node.entries.items():
        if name != WITH:
            yield entry.key.text
        yield from _texts(entry.value)
