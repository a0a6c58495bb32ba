"""One change in Markdown: with its details folded away, or in one line."""

from collections.abc import Iterator, Mapping

from ...diagnostics.words import count
from ...plan.change import Action
from ...plan.shape import ChangeDocument, name_of
from ..explain import Piece, explained, label_of
from ..facts import place_of, remarks
from ..texts import clips, line_diff
from ..words import SYMBOLS
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
    before, after = piece.before, piece.after
    in_list = piece.where.endswith("]")  # what came may stand where something else went
    if piece.texts and (piece.has_lines or max(map(len, piece.texts)) > LONGEST_VALUE):
        yield f"! {label}: ({'lines' if piece.has_lines else 'words'} that differ)"
        yield from line_diff(*piece.texts, LONGEST_VALUE)
    elif before is not None and after is not None:
        for one, other in clips(before, after, LONGEST_VALUE):
            yield f"- {label}: {one}"
            yield f"+ {label}: {other}"
    elif before is not None:
        yield f"- {label}{' removed' if in_list else ''}: {cut(before, LONGEST_VALUE)}"
    elif after is not None:
        yield f"+ {label}{' added' if in_list else ''}: {cut(after, LONGEST_VALUE)}"
    for said in filter(None, (piece.note, piece.remark)):
        yield f"! {label}: {said}"
