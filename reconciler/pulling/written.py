"""Which columns need a variable that git does not know, and are written otherwise than before."""

from collections.abc import Collection, Iterator, Mapping

from ..catalogue import Kind
from ..configuration.expand import expand
from ..configuration.load import Loaded, ProblemReport
from ..configuration.load.nodes import MappingNode, Node, Scalar
from ..configuration.load.variables import names_in
from ..configuration.validate.declaration import Declared
from ..configuration.validate.declared import declare
from ..configuration.validate.suggest import Suggester
from ..values.address import Address


def written_otherwise(
    past: Loaded, now: Loaded, kinds: Mapping[str, Kind], names: Collection[str]
) -> Mapping[Address, frozenset[str]]:
    """Name the columns of what was applied that use one of these names, where the text changed.

    Where it did not, the files did not change the column, whatever the variable says.
    """
    declared = _declared(now, kinds)
    found: dict[Address, frozenset[str]] = {}
    for address, before in _declared(past, kinds).items():
        columns = frozenset(_changed(before, declared.get(address), names))
        if columns:
            found[address] = columns
    return found


def _changed(before: Declared, now: Declared | None, names: Collection[str]) -> Iterator[str]:
    for name, entry in before.columns.entries.items():
        texts = _texts(entry.value)
        if any(one in names for text in texts for one in names_in(text)):
            after = now.columns.entries.get(name) if now else None
            if after is None or [*_texts(after.value)] != [*_texts(entry.value)]:
                yield name


def _texts(node: Node) -> Iterator[str]:
    """Give what a value says, as it is written."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, MappingNode):
        for name, entry in node.entries.items():
            yield name
            yield from _texts(entry.value)
    else:
        for item in node.items:
            yield from _texts(item)


def _declared(loaded: Loaded, kinds: Mapping[str, Kind]) -> Mapping[Address, Declared]:
    report, suggest = ProblemReport(), Suggester(0)
    expanded = expand(loaded, kinds, report, suggest.hint)
    return declare(expanded, kinds, report, suggest).by_address
