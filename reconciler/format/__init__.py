"""Put YAML in one order and style; comments stay, and no value changes.

read -> attach the comments -> order -> write -> prove that it says the same
"""

from collections.abc import Mapping
from itertools import takewhile

from ..catalogue import Kind
from ..configuration.load import paused_collector
from ..diagnostics import ConfigurationError, ReconcilerError
from ..yamltext.tree import Collection, Tree
from .attach import attach
from .foreign import is_foreign
from .order import ordered
from .reading import TextReading, reading
from .same import says_the_same
from .tree import Group
from .write import write

__all__ = ["formatted", "is_foreign"]


def formatted(text: str, file: str, kinds: Mapping[str, Kind]) -> str:
    """Give a file's text in the one style.

    Raises ConfigurationError where it cannot be read, and ReconcilerError where the result would
    not say the same: then the file must stay as it is.
    """
    with paused_collector():
        before = reading(text, file)
        problems = before.values().problems
        if problems:
            raise ConfigurationError(problems)
        return rewritten(text, before, kinds)


def rewritten(text: str, before: TextReading, kinds: Mapping[str, Kind]) -> str:
    """Give a text in the one style that was read without problems; raises as :func:`formatted`."""
    tree = before.tree
    if not isinstance(tree.root, Collection) or not tree.root.children:
        return text
    comments = attach(tree, tree.root)
    links = {kind.name for kind in kinds.values() if kind.is_link}
    blocks = ordered(Group(tree.root, tree.text), kinds)
    lines = [*_beginning(tree), *write(tree.text, blocks, comments, links)]
    written = _line_end(text).join([*lines, ""])
    del lines
    if written != text and not says_the_same(before, reading(written, before.file)):
        raise ReconcilerError(
            f"{before.file} cannot be formatted without changing what it says; it stays as it is",
            hint="please report the file, or the part of it that is unusual",
        )
    return written


def _line_end(text: str) -> str:
    """Give what ends the first line of a file: all others end so, too."""
    return "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"


def _beginning(tree: Tree) -> list[str]:
    """Keep the directives and the ``---`` that a file begins with."""
    if not tree.explicit:
        return []
    before = takewhile(lambda line: not line.startswith("---"), tree.text.split("\n"))
    directives = (line.partition("#")[0].rstrip() for line in before if line.startswith("%"))
    return [*directives, "---"]
