"""Add whole resources to a file, at the end of their kind."""

import re
from collections.abc import Sequence

from ..catalogue import Kind
from ..yamltext.emit import INDENT, flow
from ..yamltext.quotes import inline
from .source import Node
from .text import Text
from .writing import Entry, block

_NULLS = frozenset({"", "~", "null"})
_END = re.compile(r"^\.\.\.", re.MULTILINE)


def can_append(text: Text, kind: Kind) -> bool:
    """Tell whether a file holds a kind in such a way that more can be added to it."""
    found = text.source.root and text.source.root.get(kind.name)
    if not found:
        return False
    node = found[1]
    return node.type in ("mapping", "sequence") or (node.type == "scalar" and node.text in _NULLS)


def can_begin(text: Text, kind: Kind) -> bool:
    """Tell whether a kind that a file does not hold can be added to it."""
    root = text.source.root
    if root is None:
        return True
    plain = root.type == "mapping" and not root.flow and root.column == 0
    return plain and not root.get(kind.name) and not _END.search(text.text)


def append(text: Text, kind: Kind, entries: Sequence[Entry]) -> None:
    """Add resources to a kind that the file holds."""
    assert text.source.root
    found = text.source.root.get(kind.name)
    assert found
    key, node = found
    if node.flow and (node.children or key.flow):
        _append_in_brackets(text, kind, node, entries)
    elif node.children:
        column = node.column if node.type == "sequence" else node.children[0].column
        body = _body(kind, entries, column, _step(node))
        text.insert_lines(text.end_of_block(node.stop, column), body)
    elif key.flow:
        text.replace(node.start, node.stop, f" {_brackets(kind, _inner(kind, entries))}")
    else:
        text.replace(text.before_gap(node.start), node.stop, "")
        body = _body(kind, entries, key.column + INDENT)
        text.insert_lines(text.next_line(node.stop), body)


def begin(text: Text, kind: Kind, entries: Sequence[Entry]) -> None:
    """Add a kind that the file does not hold, at its end."""
    text.append_lines(f"{kind.name}:\n{_body(kind, entries, INDENT)}")


def _step(node: Node) -> int:
    """Tell how far the first resource of a kind is indented; new ones do as it does."""
    for key, value in node.entries:
        if value.type == "mapping" and not value.flow and value.column > key.column:
            return value.column - key.column
    return INDENT


def _body(kind: Kind, entries: Sequence[Entry], column: int, step: int = INDENT) -> str:
    return "\n".join(block(kind, key, columns, column, step) for key, columns in entries)


def _append_in_brackets(text: Text, kind: Kind, node: Node, entries: Sequence[Entry]) -> None:
    inner = _inner(kind, entries)
    if node.children:
        text.replace(node.children[-1].stop, node.children[-1].stop, f", {inner}")
    else:
        text.replace(node.start, node.stop, _brackets(kind, inner))


def _inner(kind: Kind, entries: Sequence[Entry]) -> str:
    if kind.is_link:
        return ", ".join(flow(dict(columns)) for _, columns in entries)
    return ", ".join(f"{inline(key, flow=True)}: {flow(dict(columns))}" for key, columns in entries)


def _brackets(kind: Kind, inner: str) -> str:
    return f"[{inner}]" if kind.is_link else f"{{{inner}}}"
