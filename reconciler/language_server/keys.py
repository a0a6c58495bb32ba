"""The keys that a folder gives, with what people call each."""

from collections.abc import Iterator
from typing import NamedTuple

from ..configuration.expand.names import KEY
from ..configuration.resource import Resource
from ..values.address import Address
from .analysis import Analysis

LONGEST_LABEL = 60


class Known(NamedTuple):
    """A key, and what its resource is called; empty where it says nothing."""

    key: str
    label: str


def known_keys(analysis: Analysis, kind: str, typed: str = "") -> Iterator[Known]:
    """Iterate over the keys of a kind, in the order of the files; those with ``typed`` are first.

    A name is looked up only for what is asked for: there may be a hundred thousand.
    """
    addresses = [address for address in analysis.declared if address.kind == kind]
    for wanted in (True, False) if typed else (True,):
        for address in addresses:
            if (typed in address.key) is wanted:
                yield Known(address.key, label(analysis, address))


def label(analysis: Analysis, address: Address) -> str:
    """Say what people call a resource: the values of its label, else of its natural key."""
    resource = analysis.resources.get(address)
    kind = (analysis.kinds or {}).get(address.kind)
    if resource is None or kind is None:
        return ""
    parts = kind.label or kind.natural_key
    texts = (_text(resource, part.column, part.inside) for part in parts)
    return " ".join(text for text in texts if text)[:LONGEST_LABEL]


def variables(analysis: Analysis, path: tuple[str, ...]) -> tuple[str, ...]:
    """Name what ``${…}`` may hold at a path: parameters in a template, else variables."""
    if path[:1] == ("templates",) and len(path) > 1:
        template = analysis.walker.templates.get(path[1])
        return (KEY, *(template.parameters if template else ()))
    given = analysis.loaded.variables.given if analysis.loaded else {}
    return tuple(given)


def _text(resource: Resource, column: str, inside: str | None) -> str:
    value = resource.values.get(column)
    if inside:
        value = value.get(inside) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
