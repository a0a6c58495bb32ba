"""The lines of a change whose columns each say one thing: of nearly all creates and deletes.

They are the lines of :func:`reconciler.render.cells.value_lines`, made in a fraction of the time.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ..plan.shape import ColumnDocument
from ..values.jsontext import is_plain
from .cells import INDENT, beside_values, room_for_values
from .explain import as_text, before_text
from .texts import shortened
from .visible import visible
from .widths import in_width, width_of

_BEFORE = frozenset({"before", "referred_to"})


class _Layout(NamedTuple):
    """What stands before each value, and how much room there is behind it."""

    starts: tuple[str, ...]
    room: int


def lines_alone(
    columns: Mapping[str, ColumnDocument], names: Mapping[str, str], width: int
) -> str | None:
    """Write the columns of a change, or nothing where one of them says more than one thing.

    ``names`` gives the name of a row's id.
    """
    starts, room = _layout(tuple(columns), width)
    lines: list[str] = []
    for start, column in zip(starts, columns.values(), strict=True):
        text = _text(column, names, room)
        if text is None:
            return None
        lines.append(start + text)
    return "\n".join(lines)


def _text(column: ColumnDocument, names: Mapping[str, str], room: int) -> str | None:
    if "before" in column:
        is_alone = column.keys() <= _BEFORE
        return shortened(before_text(column, names), room) if is_alone else None
    if len(column) > 1:
        if len(column) > 2 or "after" not in column or "refers_to" not in column:
            return None
        return shortened(visible(column["refers_to"]), room)
    if "after" in column:
        value = column["after"]
        if type(value) is str and is_plain(value) and "##" not in value and len(value) + 2 <= room:
            return f'"{value}"'
        return shortened(as_text(value), room)
    return _hidden(column["hidden"]) if "hidden" in column else None


@lru_cache(1000)
def _layout(names: tuple[str, ...], width: int) -> _Layout:
    """Place names and values; many changes have the same columns."""
    beside = beside_values(names, width)
    above = (f"{' ' * INDENT}{name}\n" if width_of(name) > beside else "" for name in names)
    labels = ("" if width_of(name) > beside else name for name in names)
    starts = (
        f"{line}{' ' * INDENT}{in_width(label, beside)}  "
        for line, label in zip(above, labels, strict=True)
    )
    return _Layout(tuple(starts), room_for_values(beside, width))


@lru_cache(100)
def _hidden(why: str) -> str:
    return f"({visible(why)})"
