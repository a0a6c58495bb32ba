"""The comments of a text: what begins with ``#`` between the characters of scalars."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .tree import Scalar, Tree, below

_COMMENT = re.compile(r"#[^\n]*")


class Comment(NamedTuple):
    """A comment: ``alone`` where it has a line of its own."""

    text: str
    start: int
    alone: bool


def comments_of(tree: Tree) -> Iterator[Comment]:
    """Find the comments of a text with plain line breaks."""
    text, at = tree.text, 0
    for begin, end in [*_contents(tree), (len(text), len(text))]:
        while at < begin and (found := _COMMENT.search(text, at, begin)):
            before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            yield Comment(found[0].rstrip(), found.start(), not before.strip())
            at = found.end()
        at = max(at, end)


def _contents(tree: Tree) -> Iterator[tuple[int, int]]:
    """Find what no comment can be in: scalars, but for the first line of a block."""
    for node in below(tree.root) if tree.root is not None else ():
        if isinstance(node, Scalar):
            first = tree.text.find("\n", node.start, node.stop) if node.is_block else node.start
            yield first if first >= 0 else node.stop, node.stop
