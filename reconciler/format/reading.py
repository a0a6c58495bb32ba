"""A text as it is written and as what it says: both of one tree."""

from typing import NamedTuple

from ..configuration.load.parse import Parsed, values_of
from ..yamltext.read import read
from ..yamltext.tree import Tree


class TextReading(NamedTuple):
    """A text as a tree, with plain line breaks, and its values."""

    tree: Tree
    values: Parsed


def reading(text: str, file: str) -> TextReading:
    """Read a text; what is wrong with it is in the problems of its values."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tree = read(plain)
    return TextReading(tree, values_of(tree, file))
