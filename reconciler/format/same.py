"""The proof that a file still says the same: every value, typed as anybody may type it."""

from collections import Counter
from collections.abc import Iterator

from ..configuration.load.nodes import MappingNode, Node, Scalar, is_null
from ..values.core import read_core
from ..values.unreadable import UnreadableError
from ..yamltext.comments import comments_of
from .reading import TextReading

_NULL = "null"
_VARIABLE = "${"


def says_the_same(one: TextReading, two: TextReading) -> bool:
    """Tell whether two texts hold the same values and the same comments.

    The order within mappings means nothing. A scalar is the same where it is the same in a text
    column, which takes what is written, and in JSON, which takes what YAML makes of it.
    """
    if one.values.problems or two.values.problems or _comments(one) != _comments(two):
        return False
    before, after = one.values.root, two.values.root
    if before is None or after is None:
        return before is after
    return list(_values(before)) == list(_values(after))


def _comments(one: TextReading) -> Counter[str]:
    return Counter(comment.text for comment in comments_of(one.tree))


def _values(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[object, ...]]:
    if isinstance(node, Scalar):
        yield (path, *_meaning(node))
    elif isinstance(node, MappingNode):
        yield (path, "mapping")
        for name in sorted(node.entries):
            yield from _values(node.entries[name].value, (*path, name))
    else:
        yield (path, "list")
        for index, item in enumerate(node.items):
            yield from _values(item, (*path, index))


def _meaning(node: Scalar) -> tuple[object, ...]:
    if is_null(node):
        return (_NULL,)
    if _VARIABLE in node.text:
        # what a variable becomes inside JSON depends on the quotes around it
        return ("variable", node.text, node.plain)
    value: object = node.text
    if node.plain:
        try:
            value = read_core(node.text)
        except UnreadableError:
            value = None
    return ("scalar", node.text, type(value), value)
