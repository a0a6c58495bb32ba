"""Values and keys in one line."""

import orjson

from ..yamltext.tree import Alias, Scalar
from .quotes import written
from .tree import Group, Value, anchor


def one_line(text: str, value: Value, *, brackets: bool = True) -> str | None:
    """Write a value in one line; None where it cannot be one."""
    if isinstance(value, Alias):
        return f"*{value.name}"
    if isinstance(value, Group):
        line = _group(text, value)
    else:
        line = _scalar(text, value, brackets=brackets)
    name = anchor(value)
    return line if line is None or not name else f"&{name} {line}".rstrip()


def key_text(text: str, key: Scalar | Alias, *, brackets: bool = False) -> str:
    """Write a key."""
    if isinstance(key, Alias):
        return f"*{key.name} "
    line = written(key, key.raw(text), brackets=brackets)
    if not line:  # it has lines, or is nothing
        line = orjson.dumps(key.text).decode()
    name = anchor(key)
    return f"&{name} {line}" if name else line


def _scalar(text: str, scalar: Scalar, *, brackets: bool) -> str | None:
    if brackets and scalar.is_empty:
        return "null"  # what nothing means
    return written(scalar, scalar.raw(text), brackets=brackets)


def _group(text: str, group: Group) -> str | None:
    parts = []
    for unit in group.units:
        value = one_line(text, unit.value)
        if value is None:
            return None
        parts.append(
            value if unit.key is None else f"{key_text(text, unit.key, brackets=True)}: {value}"
        )
    inside = ", ".join(parts)
    return f"{{{inside}}}" if group.mapping else f"[{inside}]"
