r"""The text of a document, and its places as the protocol counts them.

Lines end at ``\n``, ``\r\n`` or ``\r`` and nowhere else. Columns count units of the encoding
that editor and server agreed on.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from lsprotocol import types

from ..diagnostics import Position
from ..yamltext.lines import Lines

Encoding: TypeAlias = types.PositionEncodingKind

_MARK = "\ufeff"
"""A byte order mark: the loader takes it away, and counts the first line without it."""
_UNITS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and where its lines begin; offsets are those of Python."""

    whole: str = field(repr=False)
    encoding: Encoding
    lines: Lines = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Look for the lines when somebody asks."""
        object.__setattr__(self, "lines", Lines(self.whole))

    @property
    def shift(self) -> int:
        """How many characters the loader does not count at the beginning."""
        return 1 if self.whole.startswith(_MARK) else 0

    def offset(self, position: types.Position) -> int:
        """Give the offset of a place; one behind the end of its line, or of all, is that end."""
        starts = self.lines.starts
        if position.line >= len(starts):
            return len(self.whole)
        line = self.line(position.line)
        return starts[position.line] + _characters(line, position.character, self.encoding)

    def line(self, number: int) -> str:
        """Give a line, without what ends it."""
        starts = self.lines.starts
        stop = starts[number + 1] if number + 1 < len(starts) else len(self.whole)
        return self.whole[starts[number] : stop].rstrip("\r\n")

    def position(self, offset: int) -> types.Position:
        """Give the place of an offset."""
        line, column = self.lines.place(offset)
        start = offset - column
        return types.Position(line, _units(self.whole[start:offset], self.encoding))

    def range(self, start: int, stop: int) -> types.Range:
        """Give the range between two offsets."""
        return types.Range(self.position(start), self.position(stop))

    def place(self, line: int, column: int) -> types.Position:
        """Give the place that the loader calls so: both count from 1, and a mark is not there."""
        starts = self.lines.starts
        number = min(line, len(starts)) - 1
        column += self.shift if number == 0 else 0
        written = self.line(number)[: column - 1]
        return types.Position(number, _units(written, self.encoding))

    def span(self, position: Position) -> types.Range:
        """Give the range of a place in a file; without a known end the word that begins there."""
        start = self.place(position.line, position.column)
        if position.end_line is not None and position.end_column is not None:
            return types.Range(start, self.place(position.end_line, position.end_column))
        offset = self.offset(start)
        return types.Range(
            start,
            self.position(offset + len(_word(self.line(start.line), self.lines.place(offset)[1]))),
        )

    def edited(self, change: types.TextDocumentContentChangeEvent) -> "Text":
        """Give the text after a change."""
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return Text(change.text, self.encoding)
        start, stop = self.offset(change.range.start), self.offset(change.range.end)
        start, stop = min(start, stop), max(start, stop)
        return Text(self.whole[:start] + change.text + self.whole[stop:], self.encoding)

    def data(self) -> bytes:
        """Give the text as a file would hold it; half a surrogate pair makes it no UTF-8."""
        return self.whole.encode("utf-8", "surrogatepass")


def _word(line: str, column: int) -> str:
    """Find the word that begins at a column: a key or a value up to a space, a comma or a colon."""
    rest = line[column:]
    for number, character in enumerate(rest):
        if character in " \t,]}" or rest[number:].startswith((": ", ":\t")):
            return rest[: number or 1]
    return rest.removesuffix(":") or rest


def _units(text: str, encoding: Encoding) -> int:
    if text.isascii():
        return len(text)
    codec, size = _UNITS[encoding]
    return len(text.encode(codec, "surrogatepass")) // size


def _characters(line: str, units: int, encoding: Encoding) -> int:
    """Count the characters that so many units are; half a character is none."""
    if line.isascii():
        return min(units, len(line))
    count = 0
    for number, character in enumerate(line):
        count += _units(character, encoding)
        if count > units:
            return number
    return len(line)
