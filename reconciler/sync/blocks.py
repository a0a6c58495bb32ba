"""Add whole resources to a file, at the end of their kind."""

import re
from collections.abc import Sequence

from ..catalogue import Kind
from ..exporting.writing import Entry, block
from ..yamltext.edits import Text
from ..yamltext.emit import INDENT, flow
from ..yamltext.quotes import inline
from ..yamltext.spots import find
from ..yamltext.tree import Collection, Node, Scalar
from ..yamltext.tree import entries as entries_of

_NULLS = frozenset({"", "~", "null"})
_END = re.compile(r"^\.\.\.", re.MULTILINE)


def can_append(text: Text, kind: Kind) -> bool:
    """Tell whether a file holds a kind in such a way that more can be added to it."""
    found = find(text.tree.root, kind.name)
    if not found:
        return False
    node = found.value
    return isinstance(node, Collection) or (isinstance(node, Scalar) and node.text in _NULLS)


def can_begin(text: Text, kind: Kind) -> bool:
    """Tell whether a kind that a file does not hold can be added to it."""
    root = text.tree.root
    if root is None:
        return True
    if not isinstance(root, Collection) or not root.mapping or root.flow:
        return False
    begins = text.column(root.start) == 0
    return begins and not find(root, kind.name) and not _END.search(text.text)


def append(text: Text, kind: Kind, entries: Sequence[Entry]) -> None:
    """Add resources to a kind that the file holds."""
    found = find(text.tree.root, kind.name)
    assert found
    key, node = found.key, found.value
    holder = node if isinstance(node, Collection) and node.children else None
    if found.parent.flow or (holder and holder.flow):
        _append_in_brackets(text, kind, node, entries)
    elif holder:
        column = text.column(holder.children[0].start if holder.mapping else holder.start)
        body = _body(kind, entries, column, _step(text, holder))
        text.insert_lines(text.end_of_block(holder.stop, column), body)
    else:
        text.replace(text.before_gap(node.start), node.stop, "")
        body = _body(kind, entries, text.column(key.start) + INDENT)
        text.insert_lines(text.next_line(node.stop), body)


def begin(text: Text, kind: Kind, entries: Sequence[Entry]) -> None:
    """Add a kind that the file does not hold, at its end."""
    text.append_lines(f"{kind.name}:\n{_body(kind, entries, INDENT)}")


def _step(text: Text, node: Collection) -> int:
    """Tell how far the first resource of a kind is indented; new ones do as it does."""
    for key, value in entries_of(node):
        step = text.column(value.start) - text.column(key.start)
        if isinstance(value, Collection) and value.mapping and not value.flow and step > 0:
            return step
    return INDENT


def _body(kind: Kind, entries: Sequence[Entry], column: int, step: int = INDENT) -> str:
    return "\n".join(block(kind, key, columns, column, step) for key, columns in entries)


def _append_in_brackets(text: Text, kind: Kind, node: Node, entries: Sequence[Entry]) -> None:
    inner = _inner(kind, entries)
    if isinstance(node, Collection) and node.children:
        text.replace(node.children[-1].stop, node.children[-1].stop, f", {inner}")
    else:
        text.replace(node.start, node.stop, _brackets(kind, inner))


def _inner(kind: Kind, entries: Sequence[Entry]) -> str:
    if kind.is_link:
        return ", ".join(flow(dict(columns)) for _, columns in entries)
    return ", ".join(f"{inline(key, flow=True)}: {flow(dict(columns))}" for key, columns in entries)


def _brackets(kind: Kind, inner: str) -> str:
    return f"[{inner}]" if kind.is_link else f"{{{inner}}}"
