"""The proof that a file still says the same: every value, typed as anybody may type it."""

from collections import Counter
from collections.abc import Iterator

from ..configuration.load.nodes import MappingNode, Node, Scalar, is_null
from ..configuration.load.parse import parse
from ..configuration.validate.scalars import read_core
from ..configuration.validate.unreadable import UnreadableError
from .read import comments_of

_NULL = "null"
_VARIABLE = "${"


def says_the_same(before: str, after: str, file: str) -> bool:
    """Tell whether two texts hold the same values and the same comments.

    The order within mappings means nothing. A scalar is the same where it is the same in a text
    column, which takes what is written, and in JSON, which takes what YAML makes of it.
    """
    one, two = parse(before, file), parse(after, file)
    if one.problems or two.problems or _comments(before) != _comments(after):
        return False
    if one.root is None or two.root is None:
        return one.root is two.root
    return list(_values(one.root)) == list(_values(two.root))


def _comments(text: str) -> Counter[str]:
    return Counter(comment.text for comment in comments_of(text))


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
