"""Values side by side in a given width: before → after, aligned where they fit.

What is cut is cut around the places that differ, and ``…`` stands for what is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import click

from .explain import Explained, Piece
from .texts import clips, line_diff, shortened
from .widths import in_width, width_of
from .words import ARROW

INDENT = 6
SHORTEST_NAME, WIDEST_NAME = 12, 30
WIDEST_BEFORE = 24
MOST_LINES = 20
_COLOURS = {"-": "red", "+": "green"}


def value_lines(columns: Explained, width: int) -> Sequence[str]:
    """Write the columns of one change below each other, one line for each place that differs."""
    if all(piece.note and not piece.remark for pieces in columns.values() for piece in pieces):
        return _noted(
            tuple((n, p.where, p.note) for n, some in columns.items() for p in some), width
        )
    return [*_lines(columns, width)]


@lru_cache(1000)
def _noted(noted: tuple[tuple[str, str, str], ...], width: int) -> Sequence[str]:
    """Write columns whose values are not shown: many changes say the same."""
    pieces = [(name, Piece(where, note=note)) for name, where, note in noted]
    names = dict.fromkeys(name for name, _ in pieces)
    return [*_lines({n: tuple(p for name, p in pieces if name == n) for n in names}, width)]


def _lines(columns: Explained, width: int) -> Iterator[str]:
    rows = [(name + piece.where, piece) for name, pieces in columns.items() for piece in pieces]
    beside = beside_values([label for label, _ in rows], width)
    room = room_for_values(beside, width)
    before = _before_width([piece for _, piece in rows], room)
    for label, piece in rows:
        if width_of(label) > beside:
            yield " " * INDENT + label
            label = ""
        for cell in _cells(piece, room, before):
            yield f"{' ' * INDENT}{in_width(label, beside)}  {cell}"
            label = ""
        yield from _text_lines(piece, room, width)


def beside_values(labels: Iterable[str], width: int) -> int:
    """Find how wide the names are that stand beside their values; wider ones stand above."""
    widest = min(WIDEST_NAME, max(SHORTEST_NAME, width - 50))
    return max((measured for label in labels if (measured := width_of(label)) <= widest), default=0)


def room_for_values(beside: int, width: int) -> int:
    """Say how wide values may be behind their names."""
    return max(20, width - INDENT - beside - 2)


def _before_width(pieces: Sequence[Piece], room: int) -> int:
    """Find how wide the left side is where both sides fit into one line."""
    if all(piece.before is None for piece in pieces):
        return 0
    pairs = (
        (width_of(piece.before), width_of(piece.after))
        for piece in pieces
        if piece.before is not None and piece.after is not None and not piece.has_lines
    )
    fitting = (before for before, after in pairs if before + 3 + after <= room)
    return max((width for width in fitting if width <= WIDEST_BEFORE), default=0)


def _cells(piece: Piece, room: int, before_width: int) -> Iterator[str]:
    before, after = piece.before, piece.after
    if before is None or after is None:
        word = "removed " if piece.where and before is not None else ""
        word = "added " if piece.where and after is not None else word
        yield piece.note or word + shortened(before or after or "", room - len(word))
    elif piece.has_lines:
        yield "(lines that differ)"
    elif max(before_width, width_of(before)) + 3 + width_of(after) <= room:
        yield f"{before}{' ' * (before_width - width_of(before))} {ARROW} {after}"
    elif width_of(before) + 3 + width_of(after) <= room:
        yield f"{before} {ARROW} {after}"
    elif _in_lines(piece, room):
        yield "(words that differ)"
    else:
        for one, other in clips(before, after, room - 7):
            yield f"before {one}"
            yield f"after  {other}"
    if piece.remark:
        yield f"({piece.remark})"


def _in_lines(piece: Piece, room: int) -> bool:
    """Tell whether two texts are too long to stand below each other."""
    longest = max(width_of(piece.before or ""), width_of(piece.after or ""))
    return piece.has_lines or (piece.texts is not None and longest > room - 7)


def _text_lines(piece: Piece, room: int, width: int) -> Iterator[str]:
    if piece.texts is None or not _in_lines(piece, room):
        return
    lines = line_diff(*piece.texts, width - INDENT - 2)
    for line in lines[:MOST_LINES]:
        yield " " * (INDENT + 2) + click.style(line, fg=_COLOURS.get(line[0]))
    if len(lines) > MOST_LINES:
        yield f"{' ' * (INDENT + 2)}… {len(lines) - MOST_LINES:,} more lines"
