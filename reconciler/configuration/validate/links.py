"""The key of a link: its pair, ``<first>--<second>``."""

from collections.abc import Sequence

import orjson

from ...values.address import KEY_PATTERN, LINK_SEPARATOR, UUID_PATTERN
from ...values.column import JSON
from ..load.nodes import NULLS, BlockNode, MappingNode, Node, Scalar
from ..load.variables import UnsetError, VariableError, Variables, fill

_DIGITS = 8


def link_key(pair: Sequence[Node], variables: Variables) -> str:
    """Make a link's key of its two references; what is wrong with them is reported elsewhere."""
    return LINK_SEPARATOR.join(_part(node, variables) for node in pair)


def quick_link_key(block: BlockNode, pair: Sequence[str]) -> str | None:
    """Make a link's key of two plain keys; None where it takes more than that."""
    texts = dict(zip(block.names, block.texts, strict=True))
    keys = [texts.get(name, "") for name in pair]
    fit = all(KEY_PATTERN.match(key) and key not in NULLS for key in keys)
    return LINK_SEPARATOR.join(keys) if fit else None


def _part(node: Node, variables: Variables) -> str:
    """Give a key or id as it is, and anything else as the beginning of its hash.

    Keys are public, and the values of a lookup are personal.
    """
    if isinstance(node, Scalar):
        text = _filled(node.text, variables)
        if UUID_PATTERN.match(text):
            return text.lower()
        if KEY_PATTERN.match(text):
            return text
    import hashlib  # few pairs need it

    canonical = orjson.dumps(_canonical(node, variables), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:_DIGITS]


def _canonical(node: Node, variables: Variables) -> JSON:
    if isinstance(node, Scalar):
        return _filled(node.text, variables)
    if isinstance(node, MappingNode):
        return {name: _canonical(e.value, variables) for name, e in node.entries.items()}
    return [_canonical(item, variables) for item in node.items]


def _filled(text: str, variables: Variables) -> str:
    if "${" not in text:
        return text
    try:
        return fill(text, variables).text
    except UnsetError as error:
        return f"unset-{error.name.lower()}"
    except VariableError:
        return text
