"""Write the tree back in one style: two spaces, brackets where they are and fit, links in one line.

Scalars of more than one line keep their lines; only their indentation changes.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ..yamltext.emit import LINE
from ..yamltext.tree import Scalar
from .attach import Comments
from .inline import Inline
from .lines import STEP, Line, Mark, block_lines, folded_lines, settled
from .tree import Group, Remark, Unit, anchor


def write(
    text: str, blocks: Iterable[Unit], comments: Comments, links: Collection[str]
) -> Iterator[str]:
    """Give the lines of a file again; ``links`` are the kinds that are lists of pairs."""
    return settled(_lines(text, blocks, comments, links))


def _lines(
    text: str, blocks: Iterable[Unit], comments: Comments, links: Collection[str]
) -> Iterator[Line]:
    writer = _Writer(text, comments)
    for index, unit in enumerate(blocks):
        name = unit.key.text if isinstance(unit.key, Scalar) else ""
        yield from writer.unit(unit, _Manner(0, first=not index, holds_pairs=name in links))
    for remark in comments.at_end:
        yield from _remark(remark, 0, first=False)


class _Manner(NamedTuple):
    """How a unit is written: how deep, whether as the first of its like, whether as a link."""

    indent: int
    first: bool
    hoisted: bool = False
    """Whether the comments above it are written already, above the dash that it stands beside."""
    holds_pairs: bool = False
    is_pair: bool = False


class _Writer:
    def __init__(self, text: str, comments: Comments) -> None:
        self._text = text
        self._comments = comments
        self._remarked = comments.of_unit.keys() | comments.blank
        self._inline = Inline(text)

    def unit(self, unit: Unit, how: _Manner) -> Iterator[Line]:
        """Write an entry or an item, with its comments."""
        above = [] if how.hoisted else self._above(unit)
        for index, remark in enumerate(above):
            yield from _remark(remark, how.indent, first=how.first and not index)
        if unit.number in self._comments.blank and (above or not how.first):
            yield Mark.BLANK
        yield from self._value(unit, how)
        for remark in self._comments.of(unit.number).below:
            yield from _remark(remark, how.indent + STEP, first=False)

    def _above(self, unit: Unit) -> list[Remark]:
        around = self._comments.of(unit.number)
        above = [*around.above, *(Remark(text, blank=False) for text in around.beside[:-1])]
        if self._is_compact(unit) and self._remarked:
            assert isinstance(unit.value, Group)
            above += self._above(unit.value.units[0])
        return above

    def _is_compact(self, unit: Unit) -> bool:
        """Tell whether what an item holds begins beside its dash, if it is not one line."""
        value = unit.value
        return (
            unit.key is None
            and isinstance(value, Group)
            and not value.is_empty
            and not anchor(value)
            and not self._comments.of(unit.number).beside
        )

    def _value(self, unit: Unit, how: _Manner) -> Iterator[Line]:
        head = " " * how.indent + ("-" if unit.key is None else f"{self._inline.key(unit.key)}:")
        beside = "".join(f" {text}" for text in self._comments.of(unit.number).beside[-1:])
        line = self._line(unit, len(head), is_pair=how.is_pair)
        if line is not None:
            yield f"{head}{' ' if line else ''}{line}{beside}"
        elif isinstance(unit.value, Scalar):
            lines = block_lines if unit.value.is_block else folded_lines
            yield from lines(
                unit.value, unit.value.raw(self._text), head, beside, how.indent + STEP
            )
        elif isinstance(unit.value, Group):
            yield from self._below(unit, unit.value, f"{head}{_anchor(unit.value)}{beside}", how)

    def _below(self, unit: Unit, node: Group, head: str, how: _Manner) -> Iterator[Line]:
        """Write a collection line by line, below its key or beside its dash."""
        compact = self._is_compact(unit)
        if not compact:
            yield head
        indent = how.indent + STEP
        units = node.units
        if compact:
            first = _Manner(indent, first=True, hoisted=True, is_pair=how.holds_pairs)
            opening, *lines = self.unit(units[0], first)
            assert isinstance(opening, str)
            yield head.ljust(indent) + opening[indent:]
            yield from lines
        elif units:
            first = _Manner(indent, first=True, is_pair=how.holds_pairs)
            yield from self.unit(units[0], first)
        yield from self._others(units, _Manner(indent, first=False, is_pair=how.holds_pairs))

    def _others(self, units: list[Unit], how: _Manner) -> Iterator[Line]:
        """Write all units but the first."""
        pad, short = " " * how.indent, self._inline.short
        for unit in units[1:]:
            # most have no comments, and are short
            if unit.number not in self._remarked and (line := short(unit)) is not None:
                yield pad + line
            else:
                yield from self.unit(unit, how)

    def _line(self, unit: Unit, before: int, *, is_pair: bool) -> str | None:
        """Write a value in one line, where it should be in one and fits."""
        node = unit.value
        if not isinstance(node, Group) or node.is_empty:
            return self._inline.value(node, brackets=False)
        if is_pair and node.mapping:
            if self._has_comments(node, hoisted=self._is_compact(unit)):
                return None
        elif not node.flow or node.start in self._comments.broken:
            return None
        line = self._inline.value(node)
        return line if line is not None and before + 1 + len(line) <= LINE else None

    def _has_comments(self, node: Group, *, hoisted: bool) -> bool:
        """Tell whether comments stand in what should be one line, but for those above the first."""
        if not self._comments.of_unit:
            return False
        for unit in node.units:
            around = self._comments.of(unit.number)
            if around.beside or around.below or (around.above and not hoisted):
                return True
            hoisted = False
            if isinstance(unit.value, Group) and self._has_comments(unit.value, hoisted=False):
                return True
        return False


def _anchor(node: Group) -> str:
    name = anchor(node)
    return f" &{name}" if name else ""


def _remark(remark: Remark, indent: int, *, first: bool) -> Iterator[Line]:
    if remark.blank and not first:
        yield Mark.BLANK
    yield " " * indent + remark.text
