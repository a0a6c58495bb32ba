"""A file's text and what shall change in it; whatever is not named stays to the last space."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from .alone import Alone
from .lines import Lines
from .read import read
from .spots import Spot, spot_at
from .tree import Node, Tree, anchor_of, below
from .users import User, users_of

_BLANK = re.compile(r"(?:[ \t]*\r?\n)*")
_COMMENT = re.compile(r"(?:[ \t]*\r?\n)*( *)#[^\n]*(?:\n|\Z)")


class EntangledError(Exception):
    """A part of the text is used by other parts, through an anchor: a person must untangle it."""


class TooFineError(Exception):
    """A cut inside a value cannot be made: a larger one is needed."""


class _Touched:
    """Which characters edits replace, and which mappings get which entries."""

    def __init__(
        self, edits: Sequence[tuple[int, int, str]], given: Iterable[tuple[int, str]]
    ) -> None:
        spans = sorted((start, stop) for start, stop, _ in edits)
        self._starts = [start for start, _ in spans]
        self._stops = list(accumulate((stop for _, stop in spans), max))
        self.given = frozenset(given)

    def any_in(self, start: int, stop: int) -> bool:
        """Tell whether any of some characters are replaced."""
        number = bisect_left(self._starts, stop)
        return number > 0 and self._stops[number - 1] > start


class Mark(NamedTuple):
    """How many edits there are so far, of each sort."""

    edits: int
    given: int
    later: int


@dataclass(slots=True)
class Text:
    """Collects changes of a text; :meth:`changed` gives the new one."""

    text: str
    _lines: Lines = field(init=False)
    _tree: Tree | None = None
    _alone: Alone | None = None
    _edits: list[tuple[int, int, str]] = field(default_factory=list)
    _last: list[tuple[int, int, str]] = field(default_factory=list)
    _given: list[tuple[int, str]] = field(default_factory=list)
    _later: list[Callable[[], None]] = field(default_factory=list)
    _users: Mapping[int, list[User]] | None = None
    _touched: "_Touched | None" = None

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
        later, self._later = self._later, []
        self._touched = _Touched(self._edits, self._given) if later else None
        for edit in later:
            edit()
        parts: list[str] = []
        at = 0
        for start, stop, new in (*sorted(self._edits, key=lambda edit: edit[0]), *self._last):
            parts += [self.text[at:start], self._with_line_ends(start, new)]
            at = max(at, stop)
        return "".join((*parts, self.text[at:]))

    def mark(self) -> Mark:
        """Say how many edits there are so far, to come back to."""
        return Mark(len(self._edits), len(self._given), len(self._later))

    def since(self, mark: Mark) -> Sequence[tuple[int, int, str]]:
        """Give the edits since a mark: what is replaced, from where to where, and by what."""
        return self._edits[mark.edits :]

    def undo(self, mark: Mark) -> None:
        """Forget the edits since a mark."""
        del self._edits[mark.edits :]
        del self._given[mark.given :]
        del self._later[mark.later :]

    def at_last(self, edit: Callable[[], None]) -> None:
        """Edit once all else is known: where that stays depends on what becomes of other places."""
        self._later.append(edit)

    def is_touched(self, start: int, stop: int) -> bool:
        """Tell, at last, whether an edit replaces any of some characters."""
        return self._touched is not None and self._touched.any_in(start, stop)

    def give(self, node: Node, name: str) -> None:
        """Note that a mapping gets an entry with a name."""
        self._given.append((node.start, name))

    def is_given(self, node: Node, name: str) -> bool:
        """Tell, at last, whether a mapping gets an entry with a name."""
        return self._touched is not None and (node.start, name) in self._touched.given

    def users(self, node: Node) -> Sequence[User]:
        """Give the aliases that stand for a node."""
        if self._users is None:
            self._users = users_of(self.tree.root) if self.tree.root is not None else {}
        return self._users.get(node.place, ())

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
