"""Who uses an anchor: aliases, and the mappings that merge them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .tree import MERGE, Alias, Collection, Node, Scalar, anchor_of, entries, name_of


class User(NamedTuple):
    """An alias; ``merging`` is the mapping that merges it, if one does; ``flow`` is in brackets.

    ``first`` tells that the mapping merges nothing before it, which would rather be taken.
    """

    alias: Alias
    merging: Collection | None = None
    flow: bool = False
    first: bool = True


def users_of(root: Node) -> Mapping[int, list[User]]:
    """Find the users of each anchor in a tree, by where what is anchored begins."""
    found: dict[int, list[User]] = {}
    last: dict[str, int] = {}
    for one in _walk(root):
        if isinstance(one, User):
            if one.alias.name in last:
                found.setdefault(last[one.alias.name], []).append(one)
        elif (anchor := anchor_of(one)) is not None:
            last[anchor] = one.place
    return found


def _walk(
    node: Node, merging: Collection | None = None, *, flow: bool = False, first: bool = True
) -> Iterator[User | Node]:
    """Iterate over the aliases, with those who merge them, and the other nodes, as written."""
    if isinstance(node, Alias):
        yield User(node, merging, flow, first)
        return
    yield node
    if not isinstance(node, Collection):
        return
    if not node.mapping:
        for number, item in enumerate(node.children):
            yield from _walk(item, merging, flow=node.flow, first=not number)
        return
    for key, value in entries(node):
        is_merge = isinstance(key, Scalar) and key.plain and name_of(key) == MERGE
        yield from _walk(key, flow=node.flow)
        yield from _walk(value, node if is_merge else None, flow=node.flow)
