"""Which comment is about which entry: people say it by where they put it.

    # above: about the entry that follows
    key: value # beside: about this entry
      # below: deeper than what follows, so about what came before
    next: value

Entries move, and their comments move with them; none is about nothing, so that none is lost.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..yamltext.block import depth, is_blank, keeps_lines
from ..yamltext.comments import Comment, comments_of
from ..yamltext.tree import Scalar, Tree
from .tree import Attached, Group, Remark, Unit, values_in


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of every unit by its number, and those at the end of the file.

    ``blank`` are the units with an empty line before them; ``broken`` is where brackets begin
    that have comments in them: they cannot be written in one line.
    """

    of_unit: dict[int, Attached] = field(default_factory=dict)
    at_end: list[Remark] = field(default_factory=list)
    blank: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()

    def of(self, unit: Unit) -> Attached:
        """Give the comments of a unit."""
        return self.of_unit.get(unit.number) or Attached()


class _Place(NamedTuple):
    """A unit that has lines of its own, so that it may have comments."""

    unit: Unit
    inside: Group
    above: "_Place | None"


def attach(tree: Tree, root: Group) -> Comments:
    """Give every comment to a unit."""
    found = list(comments_of(tree))
    starts = [comment.start for comment in found]
    broken = frozenset([root.start, *_broken(root, starts)])
    places = list(_places(root, None, broken))
    lines = _Lines(tree.text, frozenset(_kept(root, tree.text)))
    blank = frozenset(p.unit.number for p in places if lines.after_blank(p.unit.start))
    comments = Comments(blank=blank, broken=broken)
    attacher = _Attacher(lines, places, [p.unit.start for p in places], comments)
    for comment in found:
        attacher.give(comment)
    return comments


def _broken(node: Group, starts: list[int]) -> Iterator[int]:
    if bisect_left(starts, node.start) == bisect_left(starts, node.stop):
        return
    if node.flow and node.units:
        yield node.start
    for unit in node.units:
        if isinstance(unit.value, Group):
            yield from _broken(unit.value, starts)


def _places(node: Group, above: _Place | None, broken: frozenset[int]) -> Iterator[_Place]:
    if node.flow and node.start not in broken:
        return
    for unit in node.units:
        place = _Place(unit, node, above)
        yield place
        if isinstance(unit.value, Group):
            yield from _places(unit.value, place, broken)


def _kept(root: Group, text: str) -> Iterator[int]:
    """Find where texts end whose last line is an empty one: kept (``|+``), or spaces deep down."""
    for node in values_in(root):
        if isinstance(node, Scalar) and node.is_block:
            written = node.raw(text)
            lines = written.split("\n")[1:]
            spaces = lines and not lines[-1].strip()
            if keeps_lines(written) or (
                spaces and not is_blank(lines[-1], depth(lines, node.text))
            ):
                yield node.stop + 1


class _Lines(NamedTuple):
    text: str
    kept: frozenset[int]

    def column(self, index: int) -> int:
        return index - self._start(index)

    def after_blank(self, index: int) -> bool:
        """Tell whether an empty line stands before what begins here, and belongs to nothing."""
        start = self._start(index)
        if not start or start in self.kept or self.text[start:index].strip():
            return False
        return not self.text[self._start(start - 1) : start].strip()

    def _start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1


class _Attacher(NamedTuple):
    lines: _Lines
    places: list[_Place]
    starts: list[int]
    comments: Comments

    def give(self, comment: Comment) -> None:
        """Give a comment to the unit that it is about."""
        index = bisect_right(self.starts, comment.start)
        before = self.places[index - 1] if index else None
        after = self.places[index] if index < len(self.places) else None
        if comment.alone:
            self._give_line(comment, before, after)
        elif before is not None:
            self._of(self._on_line(comment, before)).beside.append(comment.text)
        elif after is not None:
            self._of(after).above.append(Remark(comment.text, blank=False))

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
        value = place.unit.value
        whole = not isinstance(value, Group) or (
            value.flow and value.start not in self.comments.broken
        )
        return whole and comment.start < value.stop

    def _shallower(
        self, comment: Comment, place: _Place | None, after: _Place | None
    ) -> _Place | None:
        """Find what a comment is below of: the deepest finished unit that it stands deeper than.

        Inside brackets, where columns mean nothing, it is what the brackets belong to.
        """
        ahead = set(_numbers(after))
        while place is not None and place.unit.number not in ahead:
            if place.inside.flow:
                if place.inside.start < comment.start < place.inside.stop:
                    same = after is not None and after.unit.start < place.inside.stop
                    return None if same else place.above or place
            elif self._is_deeper(comment, place.unit):
                return place
            place = place.above
        return None

    def _on_line(self, comment: Comment, place: _Place) -> _Place:
        """Find the unit that a comment stands beside: not one in brackets that are closed."""
        while place.inside.flow and comment.start > place.inside.stop and place.above:
            place = place.above
        return place

    def _of(self, place: _Place) -> Attached:
        return self.comments.of_unit.setdefault(place.unit.number, Attached())

    def _is_deeper(self, comment: Comment, unit: Unit) -> bool:
        # below a text of lines, a comment would be one of its lines
        lines = isinstance(unit.value, Scalar) and unit.value.is_block
        return not lines and self.lines.column(comment.start) > self.lines.column(unit.start)


def _numbers(place: _Place | None) -> Iterator[int]:
    while place is not None:
        yield place.unit.number
        place = place.above
