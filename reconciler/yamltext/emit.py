"""YAML as text, in the few forms that every reader takes the same way.

=============================  ======================================================
plain                          nothing in it that YAML 1.1 or 1.2 would take otherwise
``'…'``                        everything else that can be seen
``"…"``                        what cannot: tabs, controls, invisible characters
``|``                          several lines
``>-``                         one long line
``{…}``, ``[…]``               mappings and lists that fit on their line
=============================  ======================================================

PyYAML's own emitter takes three times as long, and can neither fold nor write a part of a file.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from ..values.column import JSON
from ..values.jsontext import spelled
from .quotes import BareInBracketsError, Raw, inline, is_surely_plain

WIDTH = 96
LINE = 100
"""Characters of an item on one line, and of any value that fmt leaves on one."""
INDENT = 2
LONG = 100
"""Characters after which a text gets lines of its own."""
_MANY = 10
_USUAL = 24
"""Characters that a name takes at the most, with its colon and a space, but for few."""

_NOT_VERBATIM = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def entry(name: str, value: JSON, indent: int) -> str:
    """Write ``name: value`` in block style; ends without a line break."""
    if value is None or isinstance(value, int) or (type(value) is str and len(value) <= LONG):
        return _again(name, value, indent)
    return new_entry(name, value, indent)


def new_entry(name: str, value: JSON, indent: int) -> str:
    """Write what :func:`entry` does, without remembering it for the next time."""
    return entries(name, indent)(value)


def entries(name: str, indent: int) -> Callable[[JSON], str]:
    """Give what writes ``name: value`` as :func:`entry` does, for many values of one name."""
    written = inline(name)
    head, used = f"{' ' * indent}{written}:", max(_USUAL, len(written) + 2)

    def write(value: JSON) -> str:
        if type(value) is str and len(value) <= LONG and is_surely_plain(value):
            return f"{head} {value}"
        return head + after(value, indent, used=used)

    return write


@lru_cache(maxsize=8192, typed=True)
def _again(name: str, value: str | int | None, indent: int) -> str:
    """Write what is mostly written again and again; 0.0 is none of it: it is equal to -0.0."""
    return new_entry(name, value, indent)


def item(value: JSON, indent: int, *, in_lines: bool = False) -> str:
    """Write ``- value`` in block style; ends without a line break.

    ``in_lines`` gives each entry of a mapping a line, even where all would fit on one.
    """
    return f"{' ' * indent}-{after_dash(value, indent, in_lines=in_lines)}"


def short_item(entries: Sequence[str], indent: int) -> str | None:
    """Write ``- {…}`` of entries that are written already, as :func:`item` does, if there is room.

    An entry is ``name: value`` as :func:`flow` writes both.
    """
    written = "{" + ", ".join(entries) + "}"
    has_room = len(entries) <= _MANY and _has_room(written, indent + INDENT, LINE)
    return f"{' ' * indent}- {written}" if has_room else None


def after(value: JSON, indent: int, *, used: int = _USUAL) -> str:
    """Write what follows ``name:`` where the name stands at an indentation.

    ``used`` is about how many characters the line holds already.
    """
    if isinstance(value, str):
        return f" {text(value, indent + INDENT)}"
    if not isinstance(value, list | dict):
        return f" {_leaf(value)}"
    short = _short(value, used + indent)
    return f" {short}" if short else "\n" + "\n".join(lines(value, indent + INDENT))


def lines(value: JSON, indent: int) -> Iterator[str]:
    """Write a mapping or a list in block style, one entry at a time."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield entry(name, inner, indent)
    elif isinstance(value, list):
        for inner in value:
            yield item(inner, indent)


def flow(value: JSON) -> str:
    """Write any value on one line; raises BareInBracketsError."""
    if isinstance(value, str):
        return inline(value, flow=True)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(n, flow=True)}: {flow(v)}" for n, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return _leaf(value)


def text(value: str, indent: int) -> str:
    """Write a text; one of several lines, or a long one, as a block of lines at an indentation."""
    if len(value) <= LONG and "\n" not in value:
        return inline(value)
    pad = "\n" + " " * indent
    if "\n" in value:
        if _can_be_literal(value):
            mark = "|" if value.endswith("\n") else "|-"
            body = value.removesuffix("\n").split("\n")
            return mark + "".join(pad + line if line else "\n" for line in body)
    elif len(value) > LONG and not isinstance(value, Raw) and _can_be_folded(value):
        return ">-" + "".join(pad + line for line in wrapped(value, max(WIDTH - indent, 40)))
    return inline(value)


def after_dash(value: JSON, indent: int, *, in_lines: bool = False) -> str:
    """Write what follows the ``-`` of an item that stands at an indentation."""
    in_lines = in_lines and isinstance(value, dict)
    holds = isinstance(value, dict | list) and value
    short = _short(holds, indent + INDENT, LINE) if holds else None
    if holds and (in_lines or not short):
        first, *others = lines(holds, indent + INDENT)
        return "\n".join((" " + first.lstrip(" "), *others))
    return f" {short}" if short else after(value, indent, used=INDENT)


def _short(value: list[JSON] | dict[str, JSON], used: int, width: int = WIDTH) -> str | None:
    """Write a value on one line if there is room, and no text in it that has lines of its own."""
    if not value:
        return flow(value)  # in lines, it would be nothing
    if len(value) > _MANY:
        return None
    try:
        written = flow(value)
    except BareInBracketsError:
        return None
    return written if _has_room(written, used, width) else None


def _has_room(written: str, used: int, width: int) -> bool:
    return used + len(written) <= width and "\\n" not in written


def _leaf(value: bool | int | float | Decimal | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    written = spelled(value).lower() if isinstance(value, Decimal) else repr(value)
    # without a point, YAML 1.1 takes 1e+16 for a text
    return written.replace("e", ".0e") if "e" in written and "." not in written else written


def _can_be_literal(value: str) -> bool:
    # what editors strip (spaces at the end of lines) or guess (an indented first line) is quoted
    return not (
        value[0] in " \n"
        or value.endswith(("\n\n", " "))
        or " \n" in value
        or _NOT_VERBATIM.search(value)
    )


def _can_be_folded(value: str) -> bool:
    return not (value[0] == " " or value[-1] == " " or "  " in value or _NOT_VERBATIM.search(value))


def wrapped(value: str, width: int) -> Iterator[str]:
    """Fill lines with the words of a text, as far as they fit."""
    line: list[str] = []
    length = 0
    for word in value.split(" "):
        if line and length + len(word) > width:
            yield " ".join(line)
            line, length = [], 0
        line.append(word)
        length += len(word) + 1
    yield " ".join(line)
