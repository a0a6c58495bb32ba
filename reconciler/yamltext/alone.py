"""Single blocks of a text as trees, without the rest: a file may have thousands, and few change."""

from .read import read
from .simple import Blocks
from .tree import Collection, Node, Scalar


class Alone:
    """Reads the blocks of a text that are asked for, each by itself."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks = Blocks(text)

    def at(self, offset: int) -> Collection | None:
        """Give a mapping with one entry alone, whose key begins at an offset of the text.

        None where it does not consist of simple lines: then what it says may depend on the rest.
        """
        span = self._blocks.span(offset)
        if span is None:
            return None
        start, stop = span
        root = read(self._text[start:stop]).root
        moved = _moved(root, start) if root else None
        return moved if isinstance(moved, Collection) else None


def _moved(node: Node, by: int) -> Node:
    """Place a node where it stands in the whole text; simple lines have no anchors."""
    if isinstance(node, Scalar):
        return node._replace(start=node.start + by)
    assert isinstance(node, Collection)
    children = [_moved(child, by) for child in node.children]
    return node._replace(children=children, start=node.start + by, stop=node.stop + by)
