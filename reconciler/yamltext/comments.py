"""The comments of a text: what begins with ``#`` between the characters of scalars."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .spots import scalars_from
from .tree import Scalar, Tree

_COMMENT = re.compile(r"#[^\n]*")


class Comment(NamedTuple):
    """A comment: ``alone`` where it has a line of its own."""

    text: str
    start: int
    alone: bool


def comments_of(tree: Tree) -> Iterator[Comment]:
    """Find the comments of a text with plain line breaks."""
    text = tree.text
    at = text.find("#")
    while at >= 0:
        begin, end = _content_at(tree, at)
        if begin <= at:
            at = text.find("#", end)
        elif found := _COMMENT.match(text, at, begin):
            before = text[text.rfind("\n", 0, at) + 1 : at]
            yield Comment(found[0].rstrip(), at, not before.strip())
            at = text.find("#", found.end())


def _content_at(tree: Tree, offset: int) -> tuple[int, int]:
    """Find what no comment can be in: at an offset, else the next after it."""
    for scalar in scalars_from(tree.root, offset) if tree.root is not None else ():
        if scalar.stop > offset or scalar.start > offset:
            begin, end = _content(scalar, tree.text)
            if end > offset or begin > offset:
                return begin, end
    return len(tree.text), len(tree.text)


def _content(scalar: Scalar, text: str) -> tuple[int, int]:
    """Give all of a scalar, but for the first line of a block."""
    if not scalar.is_block:
        return scalar.start, scalar.stop
    first = text.find("\n", scalar.start, scalar.stop)
    return (first if first >= 0 else scalar.stop), scalar.stop
