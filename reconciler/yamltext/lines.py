"""Lines and columns, for people and editors: made of offsets when somebody is told."""

import re
from array import array
from bisect import bisect_right
from functools import cached_property

LINE_BREAK = re.compile("\r\n|[\n\r]")


class Lines:
    """Where the lines of a text begin; looked for once, when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def starts(self) -> "array[int]":
        """The offset of the first character of each line."""
        return array("I", [0, *(found.end() for found in LINE_BREAK.finditer(self._text))])

    def place(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of an offset, both from 0."""
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a line and a column, both from 0."""
        return self.starts[line] + column
