"""Change columns of a resource where they stand: a value, a part of a JSON value, a new line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..canonical import canonical_json
from ..kind import JSON
from .emit import INDENT, after, entry, flow, inline
from .source import Node, Spot, keeps_lines
from .text import EntangledError, Text

_NOTHING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*")


@dataclass(frozen=True, slots=True)
class New:
    """A value that shall stand in a column: ``live`` as the API gives it, ``written`` as YAML.

    ``given`` is what the YAML says now, where parts of it may stay as they are.
    """

    live: JSON
    written: JSON
    given: object = None


def set_columns(text: Text, spot: Spot, values: Mapping[str, New], order: Sequence[str]) -> None:
    """Give columns of a resource other values; one that is merged in is overruled.

    ``order`` is that of new lines. Raises EntangledError where others use a part of the text.
    """
    node = spot.value
    added: dict[str, JSON] = {}
    for name in sorted(values, key=order.index):
        found = node.get(name)
        if found:
            set_value(text, *found, values[name])
        else:
            added[name] = values[name].written
    if not added:
        return
    if node.type == "mapping" and node.children:
        for name, written in added.items():
            _add(text, node, name, written, order)
    else:
        _begin(text, spot, added)


def set_value(text: Text, key: Node, node: Node, new: New) -> None:
    """Put another value behind a key; of a JSON value only the parts that differ."""
    if _set_inside(text, node, new):
        return
    text.check_free(*node.children)
    written = new.written
    short = inline(written, flow=key.flow) if isinstance(written, str) else flow(written)
    if key.flow or node.anchor:
        text.replace(node.start, node.stop, _beside(node, short))
        return
    whole = after(written, key.column) if text.is_last(node.stop) else f" {short}"
    colon = text.text.index(":", key.stop) + 1
    if not text.text[colon : node.start].strip():
        text.replace(colon, node.stop, whole)
    elif whole.startswith("\n"):  # a comment stands between the key and its value
        text.replace(text.line_start(node.start) - 1, node.stop, whole)
    else:
        missing = key.column + INDENT - node.column  # a list may stand as far left as its key
        text.replace(node.start, node.stop, " " * missing + whole[1:])


def remove(text: Text, parent: Node, numbers: Sequence[int]) -> None:
    """Take entries out of a mapping or a list, with the comments that belong to them."""
    spots = [Spot(parent, number) for number in numbers]
    for spot in spots:
        text.check_free(spot.key, spot.value)
    if parent.flow:
        _remove_in_brackets(text, parent, spots)
    else:
        for spot in spots:
            _remove_lines(text, spot)


def _set_inside(text: Text, node: Node, new: New) -> bool:
    """Change a part of a value, where the value stays a mapping or a list of the same length."""
    given, live, written = new.given, new.live, new.written
    if isinstance(given, dict) and isinstance(live, dict) and isinstance(written, dict):
        return _set_entries(text, node, given, live, written)
    if isinstance(given, list) and isinstance(live, list) and isinstance(written, list):
        return _set_items(text, node, given, live, written)
    return False


def _set_entries(
    text: Text,
    node: Node,
    given: dict[str, object],
    live: dict[str, JSON],
    written: dict[str, JSON],
) -> bool:
    own = {key.text: (key, value) for key, value in node.entries}
    gone = [number for number, name in enumerate(own) if name not in live]
    come = [name for name in live if name not in given]
    if own.keys() != given.keys() or len(gone) == len(own) or (gone and come):
        return False
    if gone and not node.flow and not text.is_first(node.start):
        return False
    for name, (key, value) in own.items():
        if name in live and not _same(given[name], live[name]):
            set_value(text, key, value, New(live[name], written[name], given[name]))
    for name in come:
        _add(text, node, name, written[name], ())
    if gone:
        remove(text, node, gone)
    return True


def _set_items(
    text: Text, node: Node, given: list[object], live: list[JSON], written: list[JSON]
) -> bool:
    if node.type != "sequence" or not len(node.children) == len(given) == len(live):
        return False
    for item, was, is_now, as_yaml in zip(node.children, given, live, written, strict=True):
        if not _same(was, is_now) and not _set_inside(text, item, New(is_now, as_yaml, was)):
            text.check_free(item)
            text.replace(item.start, item.stop, _beside(item, flow(as_yaml)))
    return True


def _beside(node: Node, short: str) -> str:
    """Keep what is put in the place of nothing apart from what stands before it."""
    return f" {short}" if node.is_empty else short


def _same(given: object, live: JSON) -> bool:
    try:
        return canonical_json(given) == canonical_json(live)
    except TypeError:  # an id that only the server can give
        return False


def _add(text: Text, node: Node, name: str, written: JSON, order: Sequence[str]) -> None:
    """Add an entry to a mapping that has some: after the last one that comes before it."""
    if node.flow:
        last = node.children[-1].stop
        text.replace(last, last, f", {inline(name, flow=True)}: {flow(written)}")
        return
    column = node.children[0].column
    before = [
        value for key, value in node.entries if key.text not in order or _precedes(key, name, order)
    ]
    line = entry(name, written, column)
    if before or not text.is_first(node.children[0].start):
        last_one = before[-1] if before else node.children[1]
        text.insert_lines(text.next_line(last_one.stop), line)
    else:
        text.insert_lines(text.line_start(node.children[0].start), line)


def _precedes(key: Node, name: str, order: Sequence[str]) -> bool:
    return name not in order or order.index(key.text) < order.index(name)


def _begin(text: Text, spot: Spot, added: Mapping[str, JSON]) -> None:
    """Write the first columns of a resource that is nothing so far, or all somebody else's."""
    if spot.parent.type == "sequence":
        raise EntangledError
    key, node = spot.key, spot.value
    merged = text.text[node.start : node.stop] if node.type == "alias" else None
    if key.flow or node.anchor:
        inner = flow(dict(added))[1:-1]
        text.replace(
            node.start, node.stop, f"{{<<: {merged}, {inner}}}" if merged else f"{{{inner}}}"
        )
        return
    pad = "\n" + " " * (key.column + INDENT)
    lines = [f"{pad}<<: {merged}"] if merged else []
    lines += ["\n" + entry(name, value, key.column + INDENT) for name, value in added.items()]
    begin = text.before_gap(node.start) if node.stop > node.start else node.start
    text.replace(begin, node.stop, "")
    text.insert_lines(text.next_line(node.stop), "".join(lines)[1:])


def _remove_in_brackets(text: Text, parent: Node, spots: Sequence[Spot]) -> None:
    gone = {spot.number for spot in spots}
    step = 2 if parent.type == "mapping" else 1
    numbers = range(len(parent.children) // step)
    kept = [number for number in numbers if number not in gone]
    if not kept:
        text.replace(parent.start + 1, parent.stop - 1, "")
        return
    for number in sorted(gone):
        here = Spot(parent, number)
        if number > kept[-1]:
            text.replace(Spot(parent, kept[-1]).value.stop, here.value.stop, "")
        else:
            text.replace(here.key.start, Spot(parent, number + 1).key.start, "")


def _remove_lines(text: Text, spot: Spot) -> None:
    begin = spot.key.start if spot.parent.type == "mapping" else _dash(text, spot)
    if not text.is_first(begin):
        raise EntangledError
    column = begin - text.line_start(begin)
    start = text.start_of_comments(begin, column) if spot.number else text.line_start(begin)
    stop = text.end_of_block(spot.value.stop, column + 1)
    if text.text[:start].endswith(("\n\n", "\n\r\n")) or _would_keep(text, spot):
        stop = text.after_blank(stop)
    text.replace(start, stop, "")


def _would_keep(text: Text, spot: Spot) -> bool:
    """Tell whether empty lines after an entry would become part of the text before it."""
    if not spot.number:
        return False
    *_, last = Spot(spot.parent, spot.number - 1).value.below()
    return keeps_lines(text.text[last.start : last.stop])


def _dash(text: Text, spot: Spot) -> int:
    """Find the ``-`` of an item."""
    if spot.number == 0:
        return spot.parent.start
    after_last = text.next_line(spot.parent.children[spot.number - 1].stop)
    found = _NOTHING.match(text.text, after_last)
    return found.end() if found else after_last
