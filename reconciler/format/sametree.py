"""The short proof: two trees in which nothing refers to anything, compared as they are written.

What has anchors, aliases, tags or merges is not proven here: values have to be made of it first.
"""

from ..yamltext.scanner import find_conflict
from ..yamltext.tree import MERGE, Collection, Node, Scalar, Tree
from .meaning import meaning


def is_same_tree(one: Tree, two: Tree) -> bool:
    """Tell whether two trees are proven to be the same but for the order within mappings."""
    if one.stopped or two.stopped or one.root is None or two.root is None:
        return False
    if any(find_conflict(tree.text) is not None for tree in (one, two)):
        return False
    mappings = isinstance(one.root, Collection) and one.root.mapping
    return mappings and _is_same(one.root, two.root)


def _is_same(one: Node, two: Node) -> bool:
    if isinstance(one, Scalar) and isinstance(two, Scalar):
        return _is_same_scalar(one, two)
    if not isinstance(one, Collection) or not isinstance(two, Collection):
        return False
    if one.properties or two.properties or one.mapping != two.mapping:
        return False
    if len(one.children) != len(two.children):
        return False
    if not one.mapping:
        return all(map(_is_same, one.children, two.children))
    entries, others = _entries(one), _entries(two)
    if entries is None or others is None or entries.keys() != others.keys():
        return False
    return all(_is_same(value, others[name]) for name, value in entries.items())


def _is_same_scalar(one: Scalar, two: Scalar) -> bool:
    if one.properties or two.properties:
        return False
    alike = one.text == two.text and one.plain == two.plain
    return alike or meaning(one) == meaning(two)


def _entries(mapping: Collection) -> dict[str, Node] | None:
    """Give values by name; None where a key is no plain word, or there twice."""
    pairs = iter(mapping.children)
    entries = {
        key.text: value
        for key, value in zip(pairs, pairs, strict=True)
        if type(key) is Scalar and key.properties is None
    }
    return entries if len(entries) * 2 == len(mapping.children) and MERGE not in entries else None
