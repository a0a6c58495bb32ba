"""Lines and columns, for people and editors: made of offsets when somebody is told."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

LINE_BREAK = re.compile("\r\n|[\n\r]")


class Lines:
    """Where the lines of a text begin; looked for when first asked, and then the text is let go."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: array[int] | None = None

    @property
    def starts(self) -> "array[int]":
        """The offset of the first character of each line."""
        if self._starts is None:
            self._starts = array("I", _starts(self._text))
            self._text = ""
        return self._starts

    def place(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of an offset, both from 0."""
        starts = self.starts
        line = bisect_right(starts, offset) - 1
        return line, offset - starts[line]

    def line(self, offset: int) -> int:
        """Give the line of an offset, from 0."""
        return bisect_right(self._starts or self.starts, offset) - 1

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a line and a column, both from 0."""
        return self.starts[line] + column


def _starts(text: str) -> Iterable[int]:
    if "\r" in text:
        return [0, *(found.end() for found in LINE_BREAK.finditer(text))]
    *lines, _ = text.split("\n")  # a quarter of the time
    return accumulate((len(line) + 1 for line in lines), initial=0)
