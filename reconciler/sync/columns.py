"""Change columns of a resource where they stand: a value, a part of a JSON value, a new line."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..values.column import JSON
from ..yamltext.edits import EntangledError, Mark, Text
from ..yamltext.emit import INDENT, entry, flow
from ..yamltext.quotes import BareInBracketsError
from ..yamltext.spots import Spot, find
from ..yamltext.tree import Alias, Collection, anchor_of
from .adding import add_entry
from .parts import New, set_value
from .sharing import keep_for_merging

_VARIABLE = re.compile(r"\$\$\{|(\$\{[^}\r\n]*\})")


class KeptError(EntangledError):
    """Columns with these ``names`` stay as they are; the others have their new values."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def set_columns(text: Text, spot: Spot, values: Mapping[str, New], order: Sequence[str]) -> None:
    """Give columns of a resource other values; one that is merged in is overruled.

    ``order`` is that of new lines. Raises KeptError where others use a part of the text, or where
    a variable would be lost.
    """
    node = spot.value
    added: dict[str, JSON] = {}
    own = {name: found.value if (found := find(node, name)) else None for name in values}

    def add_old(mapping: Collection, name: str, value: JSON) -> None:
        add_entry(text, mapping, name, value, order)

    left = keep_for_merging(text, node, own, add_old)
    kept = [name for name in values if name in left]
    for name in sorted(values.keys() - left, key=order.index):
        found = find(node, name)
        if found is None:
            added[name] = values[name].written
        elif not _set(text, found, values[name]):
            kept.append(name)
    if added and isinstance(node, Collection) and node.mapping and node.children:
        for name, written in added.items():
            mark = text.mark()
            try:
                add_entry(text, node, name, written, order)
            except BareInBracketsError:
                text.undo(mark)
                kept.append(name)
    elif added:
        begin_with(text, spot, added)
    if kept:
        raise KeptError(kept)


def _set(text: Text, spot: Spot, new: New) -> bool:
    """Put another value behind a key; False where that cannot be, and then nothing is changed."""
    mark = text.mark()
    for tried in (new, replace(new, value=new.written, whole=True)):
        try:
            set_value(text, spot, tried)
        except (EntangledError, BareInBracketsError):
            text.undo(mark)
            return False
        if not _lost(text, mark):
            return True
        text.undo(mark)
    return False


def _lost(text: Text, mark: Mark) -> bool:
    """Tell whether the edits since a mark take a variable away."""
    gone: Counter[str] = Counter()
    for start, stop, new in text.since(mark):
        gone.update(_variables(text.text[start:stop]))
        gone.subtract(_variables(new))
    return any(number > 0 for number in gone.values())


def _variables(written: str) -> list[str]:
    return [found for found in _VARIABLE.findall(written) if found] if "${" in written else []


def begin_with(text: Text, spot: Spot, added: Mapping[str, JSON]) -> None:
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
