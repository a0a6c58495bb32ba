"""Values and keys in one line."""

import orjson

from .quotes import written
from .tree import Alias, Collection, Node, Scalar


def one_line(node: Node, *, brackets: bool = True) -> str | None:
    """Write a value in one line; None where it cannot be one."""
    if isinstance(node, Alias):
        return f"*{node.name}"
    text = _collection(node) if isinstance(node, Collection) else _scalar(node, brackets=brackets)
    if text is None or not node.anchor:
        return text
    return f"&{node.anchor} {text}".rstrip()


def key_text(key: Scalar | Alias, *, brackets: bool = False) -> str:
    """Write a key."""
    if isinstance(key, Alias):
        return f"*{key.name} "
    text = written(key, brackets=brackets)
    if not text:  # it has lines, or is nothing
        text = orjson.dumps(key.text).decode()
    return f"&{key.anchor} {text}" if key.anchor else text


def _scalar(scalar: Scalar, *, brackets: bool) -> str | None:
    if brackets and not scalar.raw:
        return "null"  # what nothing means
    return written(scalar, brackets=brackets)


def _collection(node: Collection) -> str | None:
    parts = []
    for unit in node.units:
        value = one_line(unit.value)
        if value is None:
            return None
        parts.append(value if unit.key is None else f"{key_text(unit.key, brackets=True)}: {value}")
    inside = ", ".join(parts)
    return f"{{{inside}}}" if node.mapping else f"[{inside}]"
