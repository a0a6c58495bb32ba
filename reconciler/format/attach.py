"""Which comment is about which entry: people say it by where they put it.

    # above: about the entry that follows
    key: value # beside: about this entry
      # below: deeper than what follows, so about what came before
    next: value

Entries move, and their comments move with them; none is about nothing, so that none is lost.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..yamltext.block import depth, is_blank, keeps_lines
from ..yamltext.comments import Comment, comments_of
from ..yamltext.spots import Spot, begin_of, last_begun, scalars_from, size_of
from ..yamltext.tree import Collection, Node, Scalar, Tree
from .tree import Attached, Remark, number_of

_BLANK_LINES = re.compile(r"^[^\S\n]*\n(?=([^\S\n]*)[^\s])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of every unit by its number, and those at the end of the file.

    ``blank`` are the units with an empty line before them; ``broken`` is where brackets begin
    that have comments in them: they cannot be written in one line.
    """

    of_unit: dict[int, Attached] = field(default_factory=dict)
    at_end: list[Remark] = field(default_factory=list)
    blank: set[int] = field(default_factory=set)
    broken: frozenset[int] = frozenset()

    def of(self, number: int) -> Attached:
        """Give the comments of a unit."""
        return self.of_unit.get(number, _NOTHING)


_NOTHING = Attached()


class _Place(NamedTuple):
    """A unit that has lines of its own, so that it may have comments."""

    number: int
    start: int
    value: Node
    inside: Collection
    above: "_Place | None"


def attach(tree: Tree, root: Collection) -> Comments:
    """Give every comment to a unit."""
    found = list(comments_of(tree))
    broken = frozenset([root.place, *_broken(tree, root, found)])
    comments = Comments(broken=broken)
    attacher = _Attacher(_Lines(tree), root, comments)
    for blank in _BLANK_LINES.finditer(tree.text):
        attacher.give_blank(blank.end(1))
    for comment in found:
        attacher.give(comment)
    return comments


def _broken(tree: Tree, root: Collection, found: Iterable[Comment]) -> Iterator[int]:
    """Find the brackets that comments stand in."""
    for comment in found:
        node: Node = root
        while isinstance(node, Collection) and node.place <= comment.start < node.stop:
            if node.flow and node.children:
                yield node.place
            number = last_begun(tree.text, node, comment.start)
            if number < 0:
                break
            node = Spot(node, number).value


class _Lines(NamedTuple):
    tree: Tree

    def column(self, index: int) -> int:
        return index - self._start(index)

    def after_blank(self, index: int) -> bool:
        """Tell whether an empty line stands before what begins here, and belongs to nothing."""
        text, start = self.tree.text, self._start(index)
        if not start or text[start:index].strip() or self._is_kept(start):
            return False
        return not text[self._start(start - 1) : start].strip()

    def _start(self, index: int) -> int:
        return self.tree.text.rfind("\n", 0, index) + 1

    def _is_kept(self, start: int) -> bool:
        """Tell whether a text ends before a line whose last line is an empty one.

        It is kept (``|+``), or of spaces deep down.
        """
        text, root = self.tree.text, self.tree.root
        for scalar in scalars_from(root, start - 1) if root is not None else ():
            if scalar.start >= start:
                break
            if scalar.is_block and scalar.stop + 1 == start:
                written = scalar.raw(text)
                lines = written.split("\n")[1:]
                spaces = lines and not lines[-1].strip()
                return bool(
                    keeps_lines(written)
                    or (spaces and not is_blank(lines[-1], depth(lines, scalar.text)))
                )
        return False


class _Attacher(NamedTuple):
    lines: _Lines
    root: Collection
    comments: Comments

    def give_blank(self, index: int) -> None:
        """Remember the units that begin at a place, if an empty line before it is no text."""
        place, _ = self._around(index)
        if place is None or place.start != index or not self.lines.after_blank(index):
            return
        while place is not None and place.start == index:
            self.comments.blank.add(place.number)
            place = place.above

    def give(self, comment: Comment) -> None:
        """Give a comment to the unit that it is about."""
        before, after = self._around(comment.start)
        if comment.alone:
            self._give_line(comment, before, after)
        elif before is not None:
            self._of(self._on_line(comment, before)).beside.append(comment.text)
        elif after is not None:
            self._of(after).above.append(Remark(comment.text, blank=False))

    def _around(self, offset: int) -> tuple[_Place | None, _Place | None]:
        """Find the last unit that begins at an offset or before it, and the next."""
        text, broken = self.lines.tree.text, self.comments.broken
        before: _Place | None = None
        after: _Place | None = None
        node: Node = self.root
        while isinstance(node, Collection) and (not node.flow or node.place in broken):
            number = last_begun(text, node, offset)
            if number + 1 < size_of(node):
                after = _place(text, Spot(node, number + 1), before)
            if number < 0:
                break
            before = _place(text, Spot(node, number), before)
            node = before.value
        return before, after

    def _give_line(self, comment: Comment, before: _Place | None, after: _Place | None) -> None:
        remark = Remark(comment.text, self.lines.after_blank(comment.start))
        owner = self._shallower(comment, before, after)
        if before is not None and self._is_within(comment, before):
            self._of(before).above.append(remark)
        elif owner is not None:
            self._of(owner).below.append(remark)
        elif after is not None:
            self._of(after).above.append(remark)
        else:
            self.comments.at_end.append(remark)

    def _is_within(self, comment: Comment, place: _Place) -> bool:
        """Tell whether a comment stands before or in a value that has no lines of its own."""
        value = place.value
        whole = not isinstance(value, Collection) or (
            value.flow and value.place not in self.comments.broken
        )
        return whole and comment.start < value.stop

    def _shallower(
        self, comment: Comment, place: _Place | None, after: _Place | None
    ) -> _Place | None:
        """Find what a comment is below of: the deepest finished unit that it stands deeper than.

        Inside brackets, where columns mean nothing, it is what the brackets belong to.
        """
        ahead = set(_numbers(after))
        while place is not None and place.number not in ahead:
            if place.inside.flow:
                if place.inside.place < comment.start < place.inside.stop:
                    same = after is not None and after.start < place.inside.stop
                    return None if same else place.above or place
            elif self._is_deeper(comment, place):
                return place
            place = place.above
        return None

    def _on_line(self, comment: Comment, place: _Place) -> _Place:
        """Find the unit that a comment stands beside: not one in brackets that are closed."""
        while place.inside.flow and comment.start > place.inside.stop and place.above:
            place = place.above
        return place

    def _of(self, place: _Place) -> Attached:
        return self.comments.of_unit.setdefault(place.number, Attached())

    def _is_deeper(self, comment: Comment, place: _Place) -> bool:
        # below a text of lines, a comment would be one of its lines
        lines = isinstance(place.value, Scalar) and place.value.is_block
        return not lines and self.lines.column(comment.start) > self.lines.column(place.start)


def _place(text: str, spot: Spot, above: _Place | None) -> _Place:
    start = begin_of(text, spot)
    return _Place(number_of(spot.parent, spot.key), start, spot.value, spot.parent, above)


def _numbers(place: _Place | None) -> Iterator[int]:
    while place is not None:
        yield place.number
        place = place.above
