"""The proof that a file still says the same: every value, typed as anybody may type it."""

from collections import Counter
from collections.abc import Iterator

from ..configuration.load.nodes import MappingNode, Node
from ..yamltext.comments import comments_of
from ..yamltext.tree import Scalar
from .meaning import meaning
from .reading import TextReading
from .sametree import is_same_tree


def says_the_same(one: TextReading, two: TextReading) -> bool:
    """Tell whether two texts hold the same values and the same comments.

    The order within mappings means nothing. A scalar is the same where it is the same in a text
    column, which takes what is written, and in JSON, which takes what YAML makes of it.
    """
    if _comments(one) != _comments(two):
        return False
    return is_same_tree(one.tree, two.tree) or _are_same_values(one, two)


def _are_same_values(one: TextReading, two: TextReading) -> bool:
    first, second = one.values(), two.values()
    if first.problems or second.problems:
        return False
    before, after = first.root, second.root
    if before is None or after is None:
        return before is after
    return list(_values(before)) == list(_values(after))


def _comments(one: TextReading) -> Counter[str]:
    return Counter(comment.text for comment in comments_of(one.tree))


def _values(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[object, ...]]:
    if isinstance(node, Scalar):
        yield (path, *meaning(node))
    elif isinstance(node, MappingNode):
        yield (path, "mapping")
        for name in sorted(node.entries):
            yield from _values(node.entries[name].value, (*path, name))
    else:
        yield (path, "list")
        for index, item in enumerate(node.items):
            yield from _values(item, (*path, index))
