"""One change in Markdown: with its details folded away, or in one line."""

from collections.abc import Iterator, Mapping

from ...change import Action
from ...plan import ChangeDocument
from ...plan.document import name_of
from ..cells import around
from ..explain import Piece, explained, label_of
from ..facts import place_of, remarks
from ..words import SYMBOLS, count
from .text import code, code_html, fenced

LONGEST_VALUE = 200
MOST_LINES = 60


def details(change: ChangeDocument, names: Mapping[str, str]) -> str:
    """Write a change so that its columns unfold beneath it."""
    facts = ", ".join(["", *remarks(change)])
    if not has_details(change):
        return f"\n- {code(_name(change))} {code(place_of(change))}{facts}\n"
    label = label_of(change, names)
    about = code_html(label if label else place_of(change))
    head = f"{code_html(_name(change))} {about}{facts}"
    lines = [
        line
        for name, pieces in explained(change, names).items()
        for piece in pieces
        for line in _diff(name + piece.where, piece)
    ]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… {len(lines) - MOST_LINES:,} more lines"]
    return folded(head, fenced(lines, "diff"))


def has_details(change: ChangeDocument) -> bool:
    """Tell whether there is anything to unfold."""
    return bool(change["columns"] or change["label"])


def in_one_line(change: ChangeDocument, names: Mapping[str, str]) -> str:
    """Name a change, and say how much of it changes, or which row it was."""
    columns = count(len(change["columns"]), "column") if change["columns"] else ""
    what = cut(label_of(change, names), LONGEST_VALUE)
    return f"{_name(change)}  {place_of(change)}  {columns or what}".rstrip()


def folded(head: str, body: str) -> str:
    """Fold a text away behind its head, which is HTML."""
    return f"\n<details><summary>{head}</summary>\n\n{body}\n\n</details>\n"


def cut(text: str, most: int) -> str:
    """Cut a text, saying how much is left out."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"


def _name(change: ChangeDocument) -> str:
    return f"{SYMBOLS[Action(change['action'])]} {change['action']} {name_of(change)}"


def _diff(label: str, piece: Piece) -> Iterator[str]:
    if piece.lines:
        yield f"! {label}: (lines that differ)"
        yield from (cut(line, LONGEST_VALUE) for line in piece.lines)
        return
    before, after = piece.before, piece.after
    if before is not None and after is not None:
        before, after = around(before, after, LONGEST_VALUE)
    if before is not None:
        yield f"- {label}: {cut(before, LONGEST_VALUE)}"
    if after is not None:
        yield f"+ {label}: {cut(after, LONGEST_VALUE)}"
    if piece.note:
        yield f"! {label}: {piece.note}"
