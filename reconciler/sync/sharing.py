"""What others use by an anchor stays for them what it was, whatever becomes of the place it is at.

The anchor moves on to the first of those that use it, together with the old value. A block that
others merge keeps its anchor, and each of them gets the old value of what changes in it.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..values.column import JSON
from ..yamltext.edits import EntangledError, Text
from ..yamltext.emit import flow
from ..yamltext.quotes import BareInBracketsError, as_it_is, inline
from ..yamltext.spots import find
from ..yamltext.tree import (
    Alias,
    Collection,
    Node,
    Scalar,
    anchor_of,
    below,
    children_of,
    entries,
    name_of,
)
from ..yamltext.users import User

_ANCHOR = re.compile(r"&[^\s,\[\]{}]+[ \t]*")
_FLOW = re.compile(r"[,\[\]{}:?#]")

AddEntry = Callable[[Collection, str, JSON], None]


def hand_over(text: Text, node: Node) -> None:
    """Keep the value of a node for those that use it by its anchor, since the node will change.

    Raises EntangledError where its value cannot be written elsewhere.
    """
    anchor = anchor_of(node)
    if anchor is None or anchor not in text.tree.aliased:
        return
    old = {in_brackets: _as_text(text, node, in_brackets) for in_brackets in (False, True)}

    def move() -> None:
        left = (u for u in text.users(node) if not text.is_touched(u.alias.start, u.alias.stop))
        first = next(left, None)
        if first is None:
            return
        written = _ANCHOR.match(text.text, node.place)
        if written and not text.is_touched(written.start(), written.end()):
            text.replace(written.start(), written.end(), "")
        value = old[first.flow or first.merging is not None]
        text.replace(first.alias.start, first.alias.stop, f"&{anchor} {value}")

    text.at_last(move)


def keep_for_merging(
    text: Text, block: Node, names: Mapping[str, Node | None], add: AddEntry
) -> frozenset[str]:
    """Keep columns of a block for those that merge it; ``names`` have the values of before.

    Answers the names of those that cannot be kept for all of them.
    """
    anchor = anchor_of(block)
    if anchor is None or anchor not in text.tree.aliased:
        return frozenset()
    users = [
        (user, {name for name in names if not _has_own(user, name)}) for user in text.users(block)
    ]
    old = {name: value for name, node in names.items() if (value := _kept(node)) is not None}
    left = frozenset(
        name for user, missing in users for name in missing if not user.first or name not in old
    )

    def keep() -> None:
        for user, missing in users:
            kept = {name: old[name].value for name in names if name in missing - left}
            if kept and not text.is_touched(user.alias.start, user.alias.stop):
                _give(text, user, kept, add)

    text.at_last(keep)
    return left


class _Kept(NamedTuple):
    value: JSON


def _kept(node: Node | None) -> _Kept | None:
    """Give a value that can be written elsewhere, if it can."""
    if node is None:
        return None
    try:
        value = _written(node)
        flow(value)
    except (EntangledError, BareInBracketsError):
        return None
    return _Kept(value)


def _give(text: Text, user: User, columns: Mapping[str, JSON], add: AddEntry) -> None:
    """Give columns of their own to who merges a block, or is the same as it."""
    if user.merging is None:
        start, stop = user.alias.start, user.alias.stop
        text.replace(
            start, stop, f"{{<<: {text.written(user.alias)}, {flow(dict(columns))[1:-1]}}}"
        )
        return
    for name, value in columns.items():
        if not text.is_given(user.merging, name):
            add(user.merging, name, value)


def _has_own(user: User, name: str) -> bool:
    return user.merging is not None and find(user.merging, name) is not None


def _as_text(text: Text, node: Node, in_brackets: bool) -> str:
    """Write a value on one line, as it is written where it stands."""
    if isinstance(node, Scalar) and not node.is_block:
        raw = node.raw(text.text)
        plain_in_brackets = in_brackets and node.plain and _FLOW.search(raw)
        if raw and "\n" not in raw and not plain_in_brackets:
            return raw
    written = _written(node)
    try:
        return inline(written, flow=in_brackets) if isinstance(written, str) else flow(written)
    except BareInBracketsError:
        raise EntangledError from None


def _written(node: Node) -> JSON:
    """Give a value to be written elsewhere; raises EntangledError where aliases stand in it."""
    if isinstance(node, Alias) or any(
        anchor_of(n) for child in children_of(node) for n in below(child)
    ):
        raise EntangledError
    if isinstance(node, Scalar):
        return as_it_is(node.text, plain=node.plain)
    if node.mapping:
        return {name_of(key): _written(value) for key, value in entries(node)}
    return [_written(item) for item in node.children]
