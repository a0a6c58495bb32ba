"""A file's text and what shall change in it; whatever is not named stays to the last space."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .alone import Alone
from .lines import Lines
from .read import read
from .spots import Spot, spot_at
from .tree import Node, Tree, anchor_of, below

_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")
_COMMENT = re.compile(r"(?:[ \t]*\r?\n)*( *)#[^\n]*(?:\n|\Z)")


class EntangledError(Exception):
    """A part of the text is used by other parts, through an anchor: a person must untangle it."""


class TooFineError(Exception):
    """A cut inside a value cannot be made: a larger one is needed."""


@dataclass(slots=True)
class Text:
    """Collects changes of a text; :meth:`changed` gives the new one."""

    text: str
    _lines: Lines = field(init=False)
    _tree: Tree | None = None
    _alone: Alone | None = None
    _edits: list[tuple[int, int, str]] = field(default_factory=list)
    _last: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = Lines(self.text)

    @property
    def tree(self) -> Tree:
        """What is written; read when it is first needed, since a file may be long."""
        if self._tree is None:
            self._tree = read(self.text)
        return self._tree

    @property
    def is_changed(self) -> bool:
        """Tell whether anything shall change."""
        return bool(self._edits or self._last)

    def changed(self) -> str:
        """Give the text with everything changed."""
        parts: list[str] = []
        at = 0
        for start, stop, new in (*sorted(self._edits, key=lambda edit: edit[0]), *self._last):
            parts += [self.text[at:start], self._with_line_ends(start, new)]
            at = max(at, stop)
        return "".join((*parts, self.text[at:]))

    def mark(self) -> int:
        """Say how many edits there are so far, to come back to."""
        return len(self._edits)

    def since(self, mark: int) -> Sequence[tuple[int, int, str]]:
        """Give the edits since a mark: what is replaced, from where to where, and by what."""
        return self._edits[mark:]

    def undo(self, mark: int) -> None:
        """Forget the edits since a mark."""
        del self._edits[mark:]

    def replace(self, start: int, stop: int, new: str) -> None:
        """Put other characters in the place of some."""
        self._edits.append((start, stop, new))

    def insert_lines(self, position: int, body: str) -> None:
        """Put whole lines before the line that begins at a position."""
        self._edits.append((position, position, self._whole_lines(position, body)))

    def append_lines(self, body: str) -> None:
        """Put whole lines after everything, also after what is inserted at the end."""
        position = len(self.text)
        self._last.append((position, position, self._whole_lines(position, body)))

    def _whole_lines(self, position: int, body: str) -> str:
        cut = position == 0 or self.text[position - 1] == "\n"
        return f"{body}\n" if cut else f"\n{body}"

    def _with_line_ends(self, position: int, new: str) -> str:
        """End lines as the line does where they are put, or the one before it."""
        if "\n" not in new:
            return new
        new = new.replace("\r\n", "\n")
        end = self.text.find("\n", position)
        end = end if end >= 0 else self.text.rfind("\n", 0, position)
        return new.replace("\n", "\r\n") if end > 0 and self.text[end - 1] == "\r" else new

    def spot(self, line: int, column: int) -> Spot | None:
        """Find what begins at a line and a column, both from 0: an entry or an item."""
        return spot_at(self.tree.root, self._lines.offset(line, column))

    def block(self, line: int, column: int) -> Spot | None:
        """Find a resource that begins at a line and a column, to be edited inside.

        Where simple lines say it, what stands beside it is not read, and is not in the spot.
        """
        offset = self._lines.offset(line, column)
        if self._tree is None:
            self._alone = self._alone or Alone(self.text)
            node = self._alone.at(offset)
            if node is not None:
                return Spot(node, 0)
        return spot_at(self.tree.root, offset)

    def written(self, node: Node) -> str:
        """Give the characters of a node."""
        return self.text[node.start : node.stop]

    def column(self, position: int) -> int:
        """Count the characters before a position on its line."""
        return position - self.line_start(position)

    def line_start(self, position: int) -> int:
        """Find where the line of a position begins."""
        return self.text.rfind("\n", 0, position) + 1

    def next_line(self, position: int) -> int:
        """Find where the line after that of a position begins."""
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end + 1

    def is_first(self, position: int) -> bool:
        """Tell whether only spaces stand before a position on its line."""
        return not self.text[self.line_start(position) : position].strip()

    def is_last(self, position: int) -> bool:
        """Tell whether nothing stands after a position on its line, not even a comment."""
        return not self.text[position : self.next_line(position)].strip()

    def before_gap(self, position: int) -> int:
        """Go back over white space."""
        while position and self.text[position - 1] in " \t\r\n":
            position -= 1
        return position

    def end_of_block(self, stop: int, column: int) -> int:
        """Find the line after a block, with the comments under it that are indented like it."""
        position = self.next_line(stop)
        while (found := _COMMENT.match(self.text, position)) and len(found[1]) >= max(column, 1):
            position = found.end()
        return position

    def start_of_comments(self, position: int, column: int) -> int:
        """Find the first of the comment lines right above a line, indented like it."""
        start = self.line_start(position)
        while start:
            above = self.line_start(start - 1)
            line = self.text[above:start]
            if not line.lstrip(" ").startswith("#") or line.index("#") != column:
                break
            start = above
        return start

    def after_blank(self, position: int) -> int:
        """Go forward over empty lines."""
        found = _BLANK.match(self.text, position)
        return found.end() if found else position

    def check_free(self, *nodes: Node) -> None:
        """Raise EntangledError where an anchor in nodes is used by an alias somewhere."""
        for node in nodes:
            names = filter(None, map(anchor_of, below(node)))
            if any(name in self.tree.aliased for name in names):
                raise EntangledError
