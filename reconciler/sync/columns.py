"""Change columns of a resource where they stand: a value, a part of a JSON value, a new line."""

from collections.abc import Mapping, Sequence

from ..values.column import JSON
from ..yamltext.edits import EntangledError, Text
from ..yamltext.emit import INDENT, entry, flow
from ..yamltext.spots import Spot, find
from ..yamltext.tree import Alias, Collection, anchor_of
from .adding import add_entry
from .parts import New, set_value


def set_columns(text: Text, spot: Spot, values: Mapping[str, New], order: Sequence[str]) -> None:
    """Give columns of a resource other values; one that is merged in is overruled.

    ``order`` is that of new lines. Raises EntangledError where others use a part of the text.
    """
    node = spot.value
    added: dict[str, JSON] = {}
    for name in sorted(values, key=order.index):
        found = find(node, name)
        if found:
            set_value(text, found, values[name])
        else:
            added[name] = values[name].value
    if not added:
        return
    if isinstance(node, Collection) and node.mapping and node.children:
        for name, written in added.items():
            add_entry(text, node, name, written, order)
    else:
        _begin(text, spot, added)


def _begin(text: Text, spot: Spot, added: Mapping[str, JSON]) -> None:
    """Write the first columns of a resource that is nothing so far, or all somebody else's."""
    if not spot.parent.mapping:
        raise EntangledError
    key, node = spot.key, spot.value
    merged = text.written(node) if isinstance(node, Alias) else None
    if spot.parent.flow or anchor_of(node):
        inner = flow(dict(added))[1:-1]
        text.replace(
            node.start, node.stop, f"{{<<: {merged}, {inner}}}" if merged else f"{{{inner}}}"
        )
        return
    indent = text.column(key.start) + INDENT
    pad = "\n" + " " * indent
    lines = [f"{pad}<<: {merged}"] if merged else []
    lines += ["\n" + entry(name, value, indent) for name, value in added.items()]
    begin = text.before_gap(node.start) if node.stop > node.start else node.start
    text.replace(begin, node.stop, "")
    text.insert_lines(text.next_line(node.stop), "".join(lines)[1:])
