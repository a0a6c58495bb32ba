"""A text as it is written and as what it says: both of one tree."""

from typing import NamedTuple

from ..configuration.load.resolve import Parsed, values_of
from ..yamltext.read import read
from ..yamltext.tree import Tree


class TextReading(NamedTuple):
    """A text as a tree, with plain line breaks; ``file`` is its name."""

    tree: Tree
    file: str

    def values(self) -> Parsed:
        """Make values of it: they are not kept, and take as much memory as the tree."""
        return values_of(self.tree, self.file)


def reading(text: str, file: str) -> TextReading:
    """Read a text; what is wrong with it is in the problems of its values."""
    return TextReading(read(plain(text)), file)


def plain(text: str) -> str:
    """Give a text with the line breaks that the formatter knows."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
