"""Values side by side in a given width: before → after, aligned where they fit.

What is cut is cut around the place that differs, and ``…`` stands for what is left out.
"""

from collections.abc import Iterator, Sequence

import click
from rich.cells import cell_len, set_cell_size

from .explain import Explained, Piece
from .words import ARROW

INDENT = 6
SHORTEST_NAME, WIDEST_NAME = 12, 30
WIDEST_BEFORE = 24
MOST_LINES = 20
_COLOURS = {"-": "red", "+": "green"}


def value_lines(columns: Explained, width: int) -> Iterator[str]:
    """Write the columns of one change below each other, one line for each place that differs."""
    rows = [(name + piece.where, piece) for name, pieces in columns.items() for piece in pieces]
    widest = min(WIDEST_NAME, max(SHORTEST_NAME, width - 50))
    beside = max((cell_len(label) for label, _ in rows if cell_len(label) <= widest), default=0)
    room = max(20, width - INDENT - beside - 2)
    before = _before_width([piece for _, piece in rows], room)
    for label, piece in rows:
        if cell_len(label) > beside:
            yield " " * INDENT + label
            label = ""
        for cell in _cells(piece, room, before):
            yield f"{' ' * INDENT}{set_cell_size(label, beside)}  {cell}"
            label = ""
        yield from _text_lines(piece.lines, width)


def around(before: str, after: str, width: int) -> tuple[str, str]:
    """Cut two texts to a width so that the place where they differ is seen."""
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    start = max(0, same - width // 4)
    if max(cell_len(before), cell_len(after)) <= width:
        start = 0
    return _window(before, start, width), _window(after, start, width)


def shortened(text: str, width: int) -> str:
    """Cut a text at a width, saying how long it is where there is room to say it."""
    if cell_len(text) <= width:
        return text
    note = f"… ({len(text):,} characters)"
    note = note if len(note) + 8 <= width else "…"
    return _cut(text, width - len(note)) + note


def _before_width(pieces: Sequence[Piece], room: int) -> int:
    """Find how wide the left side is where both sides fit into one line."""
    pairs = (
        (cell_len(piece.before), cell_len(piece.after))
        for piece in pieces
        if piece.before is not None and piece.after is not None and not piece.lines
    )
    fitting = (before for before, after in pairs if before + 3 + after <= room)
    return max((width for width in fitting if width <= WIDEST_BEFORE), default=0)


def _cells(piece: Piece, room: int, before_width: int) -> Iterator[str]:
    before, after = piece.before, piece.after
    if piece.lines:
        yield "(lines that differ)"
    elif before is None or after is None:
        word = "removed " if piece.where and before is not None else ""
        word = "added " if piece.where and after is not None else word
        yield piece.note or word + shortened(before or after or "", room - len(word))
    elif max(before_width, cell_len(before)) + 3 + cell_len(after) <= room:
        yield f"{before}{' ' * (before_width - cell_len(before))} {ARROW} {after}"
    elif cell_len(before) + 3 + cell_len(after) <= room:
        yield f"{before} {ARROW} {after}"
    else:
        before, after = around(before, after, room - 7)
        yield f"before {before}"
        yield f"after  {after}"


def _text_lines(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines[:MOST_LINES]:
        shown = shortened(line.rstrip(), width - INDENT - 2)
        yield " " * (INDENT + 2) + click.style(shown, fg=_COLOURS.get(line[0]))
    if len(lines) > MOST_LINES:
        yield f"{' ' * (INDENT + 2)}… {len(lines) - MOST_LINES:,} more lines"


def _window(text: str, start: int, width: int) -> str:
    shown = f"…{text[start + 1 :]}" if start else text
    return shown if cell_len(shown) <= width else _cut(shown, width - 1) + "…"


def _cut(text: str, width: int) -> str:
    return set_cell_size(text, width).rstrip() if cell_len(text) > width else text
