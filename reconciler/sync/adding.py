"""Add entries to a mapping and elements to a list, in lines or in brackets as the others are."""

import re
from collections.abc import Mapping, Sequence

from ..values.column import JSON
from ..yamltext.edits import Text, TooFineError
from ..yamltext.emit import entry, flow, item
from ..yamltext.quotes import inline
from ..yamltext.spots import Spot
from ..yamltext.tree import Collection, Node, entries, name_of
from .removing import begin_with_comments

_REST_OF_LINE = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\n]*)?\r?\n")


def add_entry(text: Text, node: Collection, name: str, written: JSON, order: Sequence[str]) -> None:
    """Add an entry to a mapping that has some: after the last one that comes before it."""
    text.give(node, name)
    numbers = [n for n, (key, _) in enumerate(entries(node)) if _precedes(key, name, order)]
    if node.flow:
        number = numbers[-1] if numbers else 0
        add_in_brackets(text, node, number, [f"{inline(name, flow=True)}: {flow(written)}"])
        return
    first = node.children[0]
    line = entry(name, written, text.column(first.start))
    if numbers or not text.is_first(first.start):
        last_one = Spot(node, numbers[-1] if numbers else 0).value
        text.insert_lines(text.next_line(last_one.stop), line)
    else:
        text.insert_lines(text.line_start(first.start), line)


def element(text: Text, parent: Collection, like: Node, value: JSON) -> str:
    """Write a new element of a list, in the manner of one that it stands beside."""
    if isinstance(value, Mapping):
        names = [name for key, _ in entries(like) if (name := name_of(key)) in value]
        value = {name: value[name] for name in dict.fromkeys((*names, *value))}
    if parent.flow:
        return flow(value)
    in_lines = isinstance(like, Collection) and like.mapping and not like.flow
    return item(value, text.column(parent.start), in_lines=in_lines)


def text_of(text: Text, spot: Spot) -> str | None:
    """Give the characters of an element with its comments, where it has lines of its own."""
    parent, node = spot.parent, spot.value
    if parent.flow:
        written = text.written(node)
        return None if "#" in written else written
    if not text.is_first(parent.start):
        return None
    start = begin_with_comments(text, spot)
    stop = text.end_of_block(node.stop, text.column(parent.start) + 1)
    return text.text[start:stop].rstrip("\r\n")


def add_elements(
    text: Text, parent: Collection, number: int | None, written: Sequence[str]
) -> None:
    """Add elements to a list after the one with a number, or before all."""
    if parent.flow:
        add_in_brackets(text, parent, number, written)
    elif not text.is_first(parent.start):
        raise TooFineError
    elif number is None:
        text.insert_lines(begin_with_comments(text, Spot(parent, 0)), "\n".join(written))
    else:
        stop = text.end_of_block(parent.children[number].stop, text.column(parent.start) + 1)
        text.insert_lines(stop, "\n".join(written))


def add_in_brackets(
    text: Text, parent: Collection, number: int | None, written: Sequence[str]
) -> None:
    """Add what is written after the entry with a number, or before all; on lines as it is."""
    here = Spot(parent, number or 0)
    begin, stop = here.key.start, here.value.stop
    pad = text.text[text.line_start(begin) : begin]
    rest = _REST_OF_LINE.match(text.text, stop)
    in_lines = not pad.strip() and rest is not None
    if number is None and in_lines:
        text.insert_lines(text.line_start(begin), "\n".join(f"{pad}{w}," for w in written))
    elif number is None:
        text.replace(begin, begin, "".join(f"{w}, " for w in written))
    elif in_lines and rest and (rest[1] or stop == parent.children[-1].stop):
        if not rest[1]:
            text.replace(stop, stop, ",")
        body = ",\n".join(f"{pad}{w}" for w in written) + rest[1]
        text.insert_lines(rest.end(), body)
    else:
        text.replace(stop, stop, "".join(f", {w}" for w in written))


def _precedes(key: Node, name: str, order: Sequence[str]) -> bool:
    if name_of(key) not in order or name not in order:
        return True
    return order.index(name_of(key)) < order.index(name)
