"""By what a lookup finds a resource: its natural key, as its block writes it and as a value."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..catalogue import KeyPart, Kind
from ..configuration.load.nodes import MappingNode, Node, Scalar, is_null
from ..configuration.resource import Lookup, Resource, Unknown, Value
from ..configuration.validate.declaration import Declared
from ..values.address import Address
from ..values.column import JSON
from ..yamltext.emit import flow
from ..yamltext.quotes import as_it_is


class Criteria(NamedTuple):
    """What a lookup compares with, by the names that it gives columns; as it is written."""

    nodes: Mapping[str, Scalar]

    @property
    def texts(self) -> frozenset[tuple[str, str]]:
        """The texts, to be found again."""
        return frozenset((name, node.text) for name, node in self.nodes.items())

    def written(self) -> str:
        """Write the lookup, on one line."""
        values: dict[str, JSON] = {name: _as_is(node) for name, node in self.nodes.items()}
        return flow({"lookup": values})


def criteria_of(kind: Kind, declared: Declared) -> Iterator[Criteria]:
    """Iterate over the natural keys that a block gives, and that hold no reference."""
    entries = declared.columns.entries
    for key in kind.natural_keys:
        nodes: dict[str, Scalar] = {}
        for part in key:
            entry = entries.get(part.column)
            node = _inside(part, entry.value) if entry else None
            if node is None and part.optional:
                continue
            if node is None or not _fits(kind, part) or not isinstance(node, Scalar):
                break
            nodes[str(part)] = node
        else:
            if nodes:
                yield Criteria(nodes)


def as_lookups(kind: Kind, resource: Resource) -> Iterator[Lookup]:
    """Iterate over the same as validated values."""
    for key in kind.natural_keys:
        values: dict[str, Value] = {}
        for part in key:
            value = resource.values.get(part.column)
            if part.inside:
                value = value.get(part.inside) if isinstance(value, dict) else None
            if value is None and part.optional:
                continue
            if value is None or not _fits(kind, part) or isinstance(value, Unknown):
                break
            values[str(part)] = value
        else:
            if values:
                yield Lookup(kind.name, tuple(sorted(values.items(), key=lambda one: one[0])))


def found_by(
    kinds: Mapping[str, Kind], resources: Mapping[Address, Resource]
) -> dict[Lookup, Address]:
    """Say which resource each lookup would mean; one that would mean two is left out."""
    found: dict[Lookup, Address] = {}
    twice: set[Lookup] = set()
    for address, resource in resources.items():
        for lookup in as_lookups(kinds[address.kind], resource):
            if found.setdefault(lookup, address) != address:
                twice.add(lookup)
    return {lookup: address for lookup, address in found.items() if lookup not in twice}


def _fits(kind: Kind, part: KeyPart) -> bool:
    return not (part.through or part.values or kind.columns[part.column].reference)


def _inside(part: KeyPart, node: Node) -> Node | None:
    if is_null(node):
        return None
    if part.inside is None:
        return node
    entry = node.entries.get(part.inside) if isinstance(node, MappingNode) else None
    return entry.value if entry and not is_null(entry.value) else None


def _as_is(node: Scalar) -> JSON:
    # in brackets a variable needs quotes
    return as_it_is(node.text, plain=node.plain and "${" not in node.text)
