"""The text of blocks on its way from one file to another, with its comments."""

from collections.abc import Sequence

from ..catalogue import Kind
from ..sync.blocks import can_append, can_begin
from ..sync.files import Files
from ..sync.removing import begin_with_comments
from ..yamltext.edits import Text
from ..yamltext.emit import INDENT
from ..yamltext.spots import Spot, begin_of, find
from ..yamltext.tree import Alias, Collection, anchor_of, below


def is_entangled(text: Text, spot: Spot) -> bool:
    """Tell whether a block uses what stands elsewhere, or is used there, by an anchor."""
    nodes = [*below(spot.key), *below(spot.value)]
    return any(isinstance(node, Alias) or anchor_of(node) for node in nodes)


def lines_of(text: Text, spot: Spot, *, whole: bool) -> str:
    """Give a block as lines that begin in the first column.

    Where the ``whole`` kind goes, the comments above its first block are taken along.
    """
    if spot.parent.flow:
        inside = text.text[spot.key.start : spot.value.stop]
        return inside if spot.parent.mapping else f"- {inside}"
    begin = begin_of(text.text, spot)
    column = begin - text.line_start(begin)
    start = begin_with_comments(text, spot) if text.is_first(begin) else begin
    if whole and text.is_first(begin):
        above = text.start_of_comments(begin, column)
        text.replace(above, start, "")
        start = above
    stop = text.end_of_block(spot.value.stop, column + 1)
    lines = text.text[start:stop].rstrip().replace("\r\n", "\n").split("\n")
    return "\n".join(line[column:] if not line[:column].strip() else line for line in lines)


def put_in(files: Files, kind: Kind, blocks: Sequence[str]) -> None:
    """Put blocks where their kind is in lines in the folder, or into a file of its own."""
    places = files.places(kind, files.loaded.folder, 0, single_file=False)
    text = next(text for path in places if _takes_lines(text := files.text(path), kind))
    found = find(text.tree.root, kind.name)
    if found and can_append(text, kind):
        holder = found.value if isinstance(found.value, Collection) else None
        if holder is not None and holder.children:
            begin = begin_of(text.text, Spot(holder, 0))
            column = begin - text.line_start(begin)
            text.insert_lines(text.end_of_block(holder.stop, column), _indented(blocks, column))
        else:
            text.replace(text.before_gap(found.value.start), found.value.stop, "")
            column = text.column(found.key.start) + INDENT
            text.insert_lines(text.next_line(found.value.stop), _indented(blocks, column))
    elif can_begin(text, kind):
        text.append_lines(f"{kind.name}:\n{_indented(blocks, INDENT)}")


def _takes_lines(text: Text, kind: Kind) -> bool:
    """Tell whether blocks may stand in a kind as they are: not in brackets, and for nobody else."""
    found = find(text.tree.root, kind.name)
    if found is None:
        return True
    filled = isinstance(found.value, Collection) and found.value.children and found.value.flow
    return not (filled or found.parent.flow or anchor_of(found.value))


def _indented(blocks: Sequence[str], column: int) -> str:
    pad = " " * column
    lines = "\n".join(blocks).split("\n")
    return "\n".join(f"{pad}{line}" if line else line for line in lines)
