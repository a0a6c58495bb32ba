"""Where a cursor is inside brackets: ``{name: value, other: [one, two]}``, however incomplete."""

import re
from typing import NamedTuple

ITEM = "-"
"""A step into a list; no key of a configuration is written so."""
_PIECE = re.compile(r"""'(?:[^'\n]|'')*'?|"(?:[^"\\\n]|\\.)*"?|[{}\[\],]|:(?=[\s,\[\]{}]|\Z)|#.*""")
_OPEN, _CLOSE = "{[", "}]"


class Inside(NamedTuple):
    """What is open at the end of a text: the ``path`` to it, and the names given beside it.

    ``start`` is where the word under the cursor begins; ``value`` tells that it stands behind a
    colon. ``mapping`` tells that the innermost bracket is that of a mapping.
    """

    path: tuple[str, ...]
    start: int
    value: bool
    mapping: bool
    given: frozenset[str]


class _Level(NamedTuple):
    bracket: str
    step: tuple[str, ...]
    """The step that leads to it."""
    names: list[str]


def inside(text: str) -> Inside | None:
    """Read from the first bracket to the end; None where every bracket is closed again."""
    levels: list[_Level] = []
    name, start = "", 0
    after_colon = False
    for piece in _PIECE.finditer(text):
        mark = piece.group()
        if mark[0] in "\"'#":
            continue
        if mark == ":":
            name, after_colon = _name(text[start : piece.start()]), True
            if levels:
                levels[-1].names.append(name)
        elif mark in _OPEN:
            levels.append(_Level(mark, _step(levels, name, after_colon), []))
            after_colon = False
        elif mark in _CLOSE:
            levels[-1:] = []
            after_colon = False
            if not levels:
                return None
        else:
            after_colon = False
        start = piece.end()
    if not levels:
        return None
    last = levels[-1]
    steps = [*(step for level in levels for step in level.step)]
    steps += _step(levels, name, after_colon)
    start += len(text[start:]) - len(text[start:].lstrip())
    names = last.names[:-1] if after_colon else last.names
    return Inside(tuple(steps), start, after_colon, last.bracket == "{", frozenset(names))


def _step(levels: list[_Level], name: str, after_colon: bool) -> tuple[str, ...]:
    """Give the step to what begins here: behind a name, or in a list."""
    if after_colon:
        return (name,)
    return (ITEM,) if levels and levels[-1].bracket == "[" else ()


def _name(text: str) -> str:
    return text.strip().strip("\"'")


def names_after(text: str) -> frozenset[str]:
    """Find the names that stand in the same mapping behind the cursor, up to its bracket."""
    depth, start = 0, 0
    found = set()
    for piece in _PIECE.finditer(text):
        mark = piece.group()
        if mark[0] in _OPEN:
            depth += 1
        elif mark[0] in _CLOSE:
            depth -= 1
            if depth < 0:
                break
        elif mark == ":" and not depth:
            found.add(_name(text[start : piece.start()]))
        if mark[0] not in "\"':#":
            start = piece.end()
    return frozenset(found)
