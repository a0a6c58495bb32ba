"""Take entries out of a mapping or a list, with the comments that belong to them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..values.address import Address
from ..yamltext.block import keeps_lines
from ..yamltext.edits import EntangledError, Text
from ..yamltext.spots import Spot, begin_of, size_of
from ..yamltext.tree import Collection, below
from .sharing import hand_over

_SPACE = re.compile(r"\s*")
_REST_OF_LINE = re.compile(r"[ \t]*,?[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")


def remove(text: Text, parent: Collection, numbers: Sequence[int]) -> None:
    """Take entries out; what others use of them by an anchor moves to these.

    Raises EntangledError where it cannot.
    """
    spots = [Spot(parent, number) for number in numbers]
    for spot in spots:
        text.check_free(spot.key)
        for node in below(spot.value):
            hand_over(text, node)
    if parent.flow:
        _remove_in_brackets(text, parent, spots)
    else:
        for spot in spots:
            _remove_lines(text, spot)


class _Place(NamedTuple):
    text: Text
    parent: Collection
    gone: list[tuple[int, Sequence[Address]]]


@dataclass(slots=True)
class Removals:
    """Entries to take out, with the resources that each gives."""

    _places: dict[int, _Place] = field(default_factory=dict)

    def mark(self, text: Text, spot: Spot, addresses: Sequence[Address]) -> None:
        """Remember an entry, among the others of what holds it."""
        place = self._places.setdefault(id(spot.parent), _Place(text, spot.parent, []))
        place.gone.append((spot.number, addresses))

    def take_out(self) -> Iterator[tuple[Address, bool]]:
        """Take all of them out; tells of each resource whether that could be."""
        for text, parent, gone in self._places.values():
            # in brackets, what goes with an entry depends on which others go
            for some in [gone] if parent.flow else [[one] for one in gone]:
                try:
                    remove(text, parent, [number for number, _ in some])
                    done = True
                except EntangledError:
                    done = False
                yield from ((address, done) for _, addresses in some for address in addresses)


def begin_with_comments(text: Text, spot: Spot) -> int:
    """Find the line where an entry begins, with the comments above it that are about it.

    Those above the first one are about all of them, unless others have comments, too.
    """
    begin = begin_of(text.text, spot)
    if spot.number == 0 and not _are_commented(text, spot.parent):
        return text.line_start(begin)
    return text.start_of_comments(begin, begin - text.line_start(begin))


def _are_commented(text: Text, parent: Collection) -> bool:
    for number in range(1, size_of(parent)):
        begin = begin_of(text.text, Spot(parent, number))
        start = text.line_start(begin)
        if text.start_of_comments(begin, begin - start) < start:
            return True
    return False


def _remove_in_brackets(text: Text, parent: Collection, spots: Sequence[Spot]) -> None:
    gone = {spot.number for spot in spots}
    kept = [number for number in range(size_of(parent)) if number not in gone]
    if not kept:
        text.replace(parent.start + 1, parent.stop - 1, "")
        return
    for number in sorted(gone):
        here = Spot(parent, number)
        rest = _REST_OF_LINE.match(text.text, here.value.stop)
        if rest and text.is_first(here.key.start):
            text.replace(begin_with_comments(text, here), rest.end(), "")
        elif number > kept[-1]:
            text.replace(Spot(parent, kept[-1]).value.stop, here.value.stop, "")
        else:
            text.replace(here.key.start, Spot(parent, number + 1).key.start, "")


def _remove_lines(text: Text, spot: Spot) -> None:
    begin = begin_of(text.text, spot)
    if not text.is_first(begin):
        _remove_beside_dash(text, spot)
        return
    start = begin_with_comments(text, spot)
    stop = text.end_of_block(spot.value.stop, begin - text.line_start(begin) + 1)
    if text.text[:start].endswith(("\n\n", "\n\r\n")) or _would_keep(text, spot):
        stop = text.after_blank(stop)
    text.replace(start, stop, "")


def _remove_beside_dash(text: Text, spot: Spot) -> None:
    """Take out the first entry of an item: the one after it, with its comments, takes its place."""
    if spot.number or size_of(spot.parent) == 1:
        raise EntangledError
    below = _SPACE.match(text.text, text.next_line(spot.value.stop))
    assert below
    text.replace(spot.key.start, below.end(), "")


def _would_keep(text: Text, spot: Spot) -> bool:
    """Tell whether empty lines after an entry would become part of the text before it."""
    if not spot.number:
        return False
    *_, last = below(Spot(spot.parent, spot.number - 1).value)
    return keeps_lines(text.written(last))
