"""Where a cursor is in a text that is being typed: which keys lead there, what is written so far.

A text is seldom right while somebody types. So this reads lines and how far they are indented, and
no parser has a say.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .flow import ITEM, inside, names_after
from .text import Text

MOST_FLOW_LINES = 50
"""How many lines above the cursor a bracket may begin."""
_KEY = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#'"\[\]{},&*!|>%@`-][^\n]*?|-[^\s][^\n]*?)"""
    r"[ \t]*:(?=\s|\Z)"
)
_DASH = re.compile(r"-(?=\s|\Z)[ \t]*")
_COMMENT = re.compile(r"(?:^|\s)#")
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_WORD = re.compile(r"[^\s,\[\]{}:#]*")


class Context(NamedTuple):
    """A place in a text: the ``path`` of names and ``-`` for lists that leads to the word there.

    ``start`` and ``stop`` are the offsets of the word, ``word`` what of it stands before the
    cursor. ``value`` tells that the word stands behind a colon, ``flow`` that it is in brackets.
    ``given`` are the names beside it, ``column`` is how far the word is indented.
    """

    path: tuple[str, ...]
    word: str
    start: int
    stop: int
    value: bool
    flow: bool
    given: frozenset[str]
    column: int


class _Token(NamedTuple):
    column: int
    step: str


class _Line(NamedTuple):
    """The dashes and the key of a line, and what stands behind them, from its column on."""

    tokens: tuple[_Token, ...]
    rest: str
    column: int


def context_at(text: Text, offset: int) -> Context | None:
    """Find where an offset is; None in a comment, and in the lines of a long text."""
    row, column = text.lines.place(offset)
    before = text.line(row)[:column]
    if in_comment(before) or _in_block_text(text, row):
        return None
    first = _begin_of_flow(text, row, before)
    begin = text.lines.starts[first]
    line = _read(text.line(first) if first < row else before)
    bracket = line.rest.lstrip()[:1]
    if bracket and bracket in "{[":
        found = inside(line.rest + _between(text, first, offset))
        if found:
            start = begin + line.column + found.start
            above = _path(text, first, line.tokens or (_Token(line.column, ""),))
            given = found.given | names_after(text.whole[offset : offset + 2000].split("\n\n")[0])
            return _made(text, offset, start, (*above, *found.path), found.value, given, True)
    return _in_lines(text, row, offset, line)


def _in_lines(text: Text, row: int, offset: int, line: _Line) -> Context:
    value = bool(line.tokens) and line.tokens[-1].step != ITEM
    start = text.lines.starts[row] + line.column
    path = _path(text, row, line.tokens if value else (*line.tokens, _Token(line.column, "")))
    given = frozenset() if value else frozenset(_beside(text, row, line.column))
    return _made(text, offset, min(start, offset), path, value, given, False)


def _made(
    text: Text,
    offset: int,
    start: int,
    path: tuple[str, ...],
    value: bool,
    given: frozenset[str],
    flow: bool,
) -> Context:
    word = text.whole[start:offset]
    rest = _WORD.match(text.whole, offset)
    stop = rest.end() if rest else offset
    return Context(path, word, start, stop, value, flow, given, text.lines.place(start)[1])


def _between(text: Text, first: int, offset: int) -> str:
    """Give what stands between the end of a line and the cursor."""
    starts = text.lines.starts
    return text.whole[starts[first] + len(text.line(first)) : offset]


def _read(line: str) -> _Line:
    """Read the dashes and the key at the beginning of a line."""
    at = len(line) - len(line.lstrip(" "))
    tokens = []
    while dash := _DASH.match(line, at):
        tokens.append(_Token(at, ITEM))
        at = dash.end()
    key = _KEY.match(line, at)
    if key:
        tokens.append(_Token(at, key["key"].strip("\"'")))
        at = key.end()
        at += len(line[at:]) - len(line[at:].lstrip())
    return _Line(tuple(tokens), line[at:], at)


def _path(text: Text, row: int, tokens: tuple[_Token, ...]) -> tuple[str, ...]:
    """Go up to the keys that a line with these tokens stands below."""
    found = [token.step for token in tokens if token.step][::-1]
    column, dash = (tokens[0].column, tokens[0].step == ITEM) if tokens else (0, False)
    for number in range(row - 1, -1, -1):
        if not column and not dash:
            break
        for token in reversed(_tokens(text, number)):
            is_above = token.column < column
            if is_above or (dash and token.column == column and token.step != ITEM):
                found.append(token.step)
                column, dash = token.column, token.step == ITEM
    return tuple(reversed(found))


def _beside(text: Text, row: int, column: int) -> Iterator[str]:
    """Find the keys of the mapping that a line at this column is in, the line left out."""
    for numbers in (range(row - 1, -1, -1), range(row + 1, len(text.lines.starts))):
        for number in numbers:
            tokens = _tokens(text, number)
            if tokens and tokens[0].column < column:
                at_column = [token for token in tokens if token.column == column]
                if numbers.step < 0:
                    yield from (token.step for token in at_column if token.step != ITEM)
                break
            yield from (t.step for t in tokens if t.column == column and t.step != ITEM)


def _tokens(text: Text, row: int) -> tuple[_Token, ...]:
    line = text.line(row)
    return () if line.lstrip().startswith("#") else _read(line).tokens


def _begin_of_flow(text: Text, row: int, before: str) -> int:
    """Find the line in which the outermost bracket around the cursor was opened."""
    written = before
    found = row
    for number in range(row, max(row - MOST_FLOW_LINES, -1), -1):
        if number < row:
            written = f"{text.line(number)}\n{written}"
        line = _read(text.line(number) if number < row else before)
        bracket = line.rest[:1]
        if bracket and bracket in "{[" and inside(written[line.column :]):
            found = number
        if number < row and text.line(number) and not line.column and line.tokens:
            break  # a line at the left edge that is a key: nothing around it
    return found


def in_comment(before: str) -> bool:
    """Tell whether what comes behind the beginning of a line is a comment."""
    found = _COMMENT.search(before)
    written = before[: found.start()] if found else ""
    return found is not None and not (written.count("'") % 2 or written.count('"') % 2)


def _in_block_text(text: Text, row: int) -> bool:
    """Tell whether a line belongs to a text that was begun with ``|`` or ``>``."""
    line = text.line(row)
    column = len(line) - len(line.lstrip(" ")) if line.strip() else None
    for number in range(row - 1, -1, -1):
        above = text.line(number)
        if not above.strip():
            continue
        indent = len(above) - len(above.lstrip(" "))
        if column is None:
            column = indent + 1 if _BLOCK_TEXT.match(_read(above).rest) else indent
        if indent < column:
            if _BLOCK_TEXT.match(_read(above).rest):
                return True
            column = indent
        if not indent:
            return False
    return False
