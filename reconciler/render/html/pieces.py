"""What several pages have: boxes of notices, badges, and the columns of a change as a table."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import zip_longest

from ...plan.change import Action
from ...plan.shape import ChangeDocument, name_of
from ..explain import Piece, explained
from ..facts import place_of, remarks
from ..texts import line_diff
from ..words import SYMBOLS

LONGEST_VALUE = 20_000
COPY_LABEL = "Copy the apply line"
MOST_ALERTS = 50


def alert(sort: str, title: str, items: Sequence[str], *, folded: bool = False) -> str:
    """Write a box; ``title`` and ``items`` are HTML, ``sort`` is caution, warning or note."""
    more = [f"… and {len(items) - MOST_ALERTS:,} more"] if len(items) > MOST_ALERTS else []
    rows = "".join(f"<li>{item}</li>" for item in [*items[:MOST_ALERTS], *more])
    content = f"<ul>{rows}</ul>" if rows else ""
    head = f"<strong>{title}</strong>"
    if folded:
        head = f"<summary>{head} ({len(items):,})</summary>"
        return f'<details class="alert {sort}">{head}{content}</details>'
    return f'<div class="alert {sort}">{head}{content}</div>'


def badge(action: str) -> str:
    """Write an action with its symbol, in its colour."""
    known = Action(action)
    return f'<span class="badge {known}">{SYMBOLS[known]} {known}</span>'


def copying(text: str, label: str) -> str:
    """Write a button that copies a text."""
    return (
        f'<button type="button" class="needs-script" data-copy="{escape(text)}" '
        f'title="{escape(text)}">{escape(label)}</button>'
    )


def table(heads: Iterable[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Write a table of texts; the first of a row names it, and numbers stand right."""
    rows = [*rows]
    sorts = [*map(_number, rows[0])] if rows else []
    head = "".join(
        f'<th scope="col"{sort}>{escape(one)}</th>'
        for one, sort in zip_longest(heads, sorts, fillvalue="")
    )
    body = "".join(f"<tr>{_named_row(row)}</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="listed"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def change_article(change: ChangeDocument, names: Mapping[str, str]) -> str:
    """Write a change with its columns, for pages in which all changes stand as HTML."""
    return f"<article>{change_inside(change, names)}</article>"


def change_inside(
    change: ChangeDocument, names: Mapping[str, str], mark: str = "", told: str = ""
) -> str:
    """Write a change without its element; ``mark`` and ``told`` are HTML, by the name and below."""
    facts = ", ".join([place_of(change), *remarks(change)])
    return (
        f"<h3>{badge(change['action'])} <code>{escape(name_of(change))}</code> {mark}</h3>"
        f'<p class="muted">{escape(facts)}</p>{told}{cells_table(explained(change, names))}'
    )


def cells_table(columns: Mapping[str, Sequence[Piece]]) -> str:
    """Write columns with what was before and what will be, or with the one that there is."""
    pieces = [(name + piece.where, piece) for name, found in columns.items() for piece in found]
    if not pieces:
        return ""
    both = all(
        any(getattr(piece, side) is not None or piece.texts for _, piece in pieces)
        for side in ("before", "after")
    )
    titles = ("Column", "Before", "After") if both else ("Column", "Value")
    heads = "".join(f'<th scope="col">{head}</th>' for head in titles)
    rows = "".join(_row(label, piece, both=both) for label, piece in pieces)
    return f'<table class="cells"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def has_lines(piece: Piece) -> bool:
    """Say whether the texts of a piece are shown line by line."""
    return bool(piece.texts and (piece.has_lines or max(map(len, piece.texts)) > LONGEST_VALUE))


def cut(text: str | None) -> str | None:
    """Cut what is too long for a page, and say so."""
    if text is None or len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text) - LONGEST_VALUE:,} more characters)"


def _named_row(row: Sequence[str]) -> str:
    first, *others = row
    cells = "".join(f"<td{_number(cell)}>{escape(cell)}</td>" for cell in others)
    return f'<th scope="row">{escape(first)}</th>{cells}'


def _number(text: str) -> str:
    return ' class="number"' if text.replace(",", "").isdigit() else ""


def _row(label: str, piece: Piece, *, both: bool) -> str:
    remark = f'<div class="none">{escape(piece.remark)}</div>' if piece.remark else ""
    name = f"<td>{escape(label)}{remark}</td>"
    span = ' colspan="2"' if both else ""
    if piece.note:
        return f'<tr>{name}<td{span} class="none">{escape(piece.note)}</td></tr>'
    if piece.texts and has_lines(piece):
        lines = "".join(_line(line) for line in line_diff(*piece.texts, LONGEST_VALUE))
        return f'<tr>{name}<td{span}><div class="lines">{lines}</div></td></tr>'
    if not both:
        value = piece.before if piece.after is None else piece.after
        return f"<tr>{name}<td>{escape(cut(value) or '')}</td></tr>"
    return f"<tr>{name}{_side(piece.before, 'del')}{_side(piece.after, 'ins')}</tr>"


def _line(line: str) -> str:
    sort = {"+": "in", "-": "out"}.get(line[:1], "")
    return f'<div class="{sort}">{escape(line)}</div>'


def _side(text: str | None, tag: str) -> str:
    shown = cut(text)
    if shown is None:
        return '<td class="none">not there</td>'
    return f"<td><{tag}>{escape(shown)}</{tag}></td>"
