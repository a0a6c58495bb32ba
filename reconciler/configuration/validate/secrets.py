"""Which variables are secret: those that a sensitive column of any file uses."""

from collections.abc import Iterator, Mapping

from ...catalogue import Kind
from ...values.column import Column
from ..expand import Expanded
from ..load.nodes import Entry, MappingNode, Node, Scalar, names_of
from ..load.variables import names_in

_MARKS = ("${", "\\")
"""What is in every text that uses a variable: its mark, or an escape that may stand for it."""


def secret_names(expanded: Expanded, kinds: Mapping[str, Kind]) -> Mapping[str, str]:
    """Find the names, each with the address and column of the first use.

    It is done before anything else is read: keys of links and messages are made of values.
    """
    found: dict[str, str] = {}
    for source in expanded.loaded.sources:
        if not source.made and not any(mark in source.text for mark in _MARKS):
            continue
        for kind_name, entry in source.root.entries.items() if source.root else ():
            kind = kinds.get(kind_name)
            if kind is None:
                continue
            sensitive = [c.name for c in _columns(kind) if c.sensitive]
            for where, value in _values(entry, sensitive) if sensitive else ():
                for name in _names(value):
                    found.setdefault(name, f"{kind_name}.{where}")
    for kind_name, name, value in expanded.defaults.every:
        if any(c.sensitive for c in _columns(kinds[kind_name]) if c.name == name):
            for variable in _names(value):
                found.setdefault(variable, f"{kind_name}.{name}")
    return found


def _columns(kind: Kind) -> Iterator[Column]:
    yield from kind.columns.values()
    yield from kind.inputs.values()


def _values(entry: Entry, columns: list[str]) -> Iterator[tuple[str, Node]]:
    if not isinstance(entry.value, MappingNode):
        return
    for key, resource in entry.value.entries.items():
        if isinstance(resource.value, MappingNode):
            for column in columns:
                if column in names_of(resource.value):
                    yield f"{key}.{column}", resource.value.entries[column].value


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield from names_in(node.text) if "${" in node.text else ()
        return
    children = (
        (entry.value for entry in node.entries.values())
        if isinstance(node, MappingNode)
        else node.items
    )
    for child in children:
        yield from _names(child)
