"""What one instance of a template says otherwise than its template: entries of its ``$with``."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ..values.column import JSON
from ..yamltext.edits import EntangledError, Text
from ..yamltext.spots import Spot, find
from ..yamltext.tree import Collection
from .adding import add_entry
from .columns import begin_with, set_columns
from .parts import New

Columns: TypeAlias = Mapping[str, New]
Overrides: TypeAlias = "Mapping[str, Overrides | New]"
"""New values below names: kind, key, column."""


def set_below(text: Text, spot: Spot, overrides: Overrides, order: Sequence[str]) -> None:
    """Set values below an entry, of which some names may not be there yet.

    Raises EntangledError where others use a part of the text.
    """
    values = {name: new for name, new in overrides.items() if isinstance(new, New)}
    if values:
        names = dict.fromkeys((*order, *values))
        set_columns(text, spot, values, list(names))
    for name, inner in overrides.items():
        if isinstance(inner, New):
            continue
        found = find(spot.value, name)
        if found:
            set_below(text, found, inner, order)
        else:
            _add(text, spot, name, _written(inner))


def _add(text: Text, spot: Spot, name: str, written: JSON) -> None:
    node = spot.value
    if isinstance(node, Collection) and node.mapping and node.children:
        add_entry(text, node, name, written, ())
    elif isinstance(node, Collection) and not node.mapping:
        raise EntangledError
    else:
        begin_with(text, spot, {name: written})


def _written(overrides: Overrides) -> JSON:
    return {
        name: inner.written if isinstance(inner, New) else _written(inner)
        for name, inner in overrides.items()
    }
