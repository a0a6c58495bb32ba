"""Values and keys in one line."""

from ..yamltext.tree import Alias, Scalar
from .quotes import in_one_line, written
from .tree import Group, Unit, Value, anchor


class Inline:
    """Writes what stands in a text; keys are the same few again and again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[tuple[str, bool], str] = {}

    def short(self, unit: Unit) -> str | None:
        """Write an entry or an item whose value is a scalar of one line; None where it is not."""
        key, value = unit.key, unit.value
        if type(value) is not Scalar or value.properties is not None:
            return None
        raw = self._text[value.start : value.start + value.size]
        line = written(value, raw, brackets=False)
        if line is None:
            return None
        head = "-" if key is None else f"{self.key(key)}:"
        return f"{head} {line}" if line else head

    def value(self, value: Value, *, brackets: bool = True) -> str | None:
        """Write a value in one line; None where it cannot be one."""
        if isinstance(value, Alias):
            return f"*{value.name}"
        if isinstance(value, Group):
            line = self._group(value)
        else:
            line = self._scalar(value, brackets=brackets)
        name = anchor(value)
        if line is None or not name:
            return line
        return f"&{name} {line}" if line else f"&{name}"

    def key(self, key: Scalar | Alias, *, brackets: bool = False) -> str:
        """Write a key."""
        if isinstance(key, Alias):
            return f"*{key.name} "
        raw = self._text[key.start : key.start + key.size]
        line = self._keys.get((raw, brackets))
        if line is None:
            line = written(key, raw, brackets=brackets)
            if not line:  # it has lines, or is nothing
                line = in_one_line(key.text, brackets=brackets)
            if not key.is_block:  # what one means depends on where it stands
                self._keys[raw, brackets] = line
        name = anchor(key) if key.properties else None
        if name and key.is_empty:  # an alias of nothing is nothing, and not a text
            return f"&{name} "
        return f"&{name} {line}" if name else line

    def _scalar(self, scalar: Scalar, *, brackets: bool) -> str | None:
        if brackets and scalar.is_empty:
            return "null"  # what nothing means
        return written(scalar, scalar.raw(self._text), brackets=brackets)

    def _group(self, group: Group) -> str | None:
        parts = []
        for unit in group.units:
            value = self.value(unit.value)
            if value is None:
                return None
            parts.append(
                value if unit.key is None else f"{self.key(unit.key, brackets=True)}: {value}"
            )
        inside = ", ".join(parts)
        return f"{{{inside}}}" if group.mapping else f"[{inside}]"
