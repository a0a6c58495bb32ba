"""What changes inside a column: a value, some places of a JSON value, some words of a text.

Every view shows these pieces, so all of them say the same: applied to what was before, they give
what is after.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ..plan.shape import ChangeDocument, ColumnDocument
from ..values.column import JSON
from ..values.jsondiff import JsonDifference, Step, differences
from ..values.jsontext import spaced
from .texts import quoted, unlike
from .visible import visible
from .words import short

MOST_PIECES = 40
LONGEST_KEY = 40
LARGEST_JSON = 200_000
_NAME = re.compile(r"[A-Za-z_][\w-]*\Z")


class Piece(NamedTuple):
    """One difference: ``where`` inside the column (nothing: all of it), and the values as text.

    ``before`` and ``after`` are None where there is none; where both are texts, ``texts`` are
    these as they are, to compare them word by word. ``note`` says what cannot be shown as two
    values, such as that they are hidden; ``remark`` what nobody would see in them.
    """

    where: str = ""
    before: str | None = None
    after: str | None = None
    texts: tuple[str, str] | None = None
    note: str = ""
    remark: str = ""

    @property
    def has_lines(self) -> bool:
        """Tell whether these are texts of several lines."""
        return self.texts is not None and any("\n" in text.rstrip("\n") for text in self.texts)


Explained = Mapping[str, tuple[Piece, ...]]


def explained(change: ChangeDocument, names: Mapping[str, str]) -> Explained:
    """Explain every column of a change; ``names`` gives the name of a row's id."""
    columns = {**change["label"], **change["columns"]}
    return {n: _alone(column) or tuple(_placed(column, names)) for n, column in columns.items()}


def _alone(column: ColumnDocument) -> tuple[Piece, ...]:
    """Explain a column of which only one thing is said, as nearly all are; else nothing."""
    if len(column) > 1:
        return ()
    if "hidden" in column:
        return _hidden(column["hidden"])
    return (Piece("", None, as_text(column["after"])),) if "after" in column else ()


@lru_cache(100)
def _hidden(why: str) -> tuple[Piece, ...]:
    return (Piece(note=f"({visible(why)})"),)


def label_of(change: ChangeDocument, names: Mapping[str, str]) -> str:
    """Say in a few words which row is meant where its name is gone: ``code "WELCOME"``."""
    return ", ".join(
        f"{name} {short(piece.before) if piece.before else piece.note}"
        for name, column in change["label"].items()
        for piece in _pieces(column, names)
    )


def as_text(value: JSON) -> str:
    """Write a value as JSON in which everything can be seen."""
    return visible(spaced(value))


def _placed(column: ColumnDocument, names: Mapping[str, str]) -> Iterator[Piece]:
    """Say once where an overlay gives a column."""
    if "file" not in column:
        yield from _pieces(column, names)
        return
    place = f"{visible(column['file'])}:{column['line']}"
    for piece in _pieces(column, names):
        yield piece._replace(remark="; ".join(filter(None, (piece.remark, place))))
        place = ""


def _pieces(column: ColumnDocument, names: Mapping[str, str]) -> Iterator[Piece]:
    if "hidden" in column:
        yield Piece(note=f"({visible(column['hidden'])})")
    elif "refers_to" in column:
        before = before_text(column, names) if "before" in column else None
        yield Piece("", before, visible(column["refers_to"]))
    elif "referred_to" in column:
        yield Piece(
            "", before_text(column, names), as_text(column["after"]) if "after" in column else None
        )
    elif "before" in column and "after" in column:
        yield from _differences(column["before"], column["after"])
    elif "before" in column:
        yield Piece(before=before_text(column, names))
    elif "after" in column:
        yield Piece(after=as_text(column["after"]))


def before_text(column: ColumnDocument, names: Mapping[str, str]) -> str:
    """Write an id as the name of its row, where that is known."""
    if "referred_to" in column:
        return visible(column["referred_to"])
    value = column["before"]
    known = names.get(value) if isinstance(value, str) else None
    return known or as_text(value)


def _differences(before: JSON, after: JSON) -> Iterator[Piece]:
    if not isinstance(before, dict | list) or len(spaced([before, after])) > LARGEST_JSON:
        yield _values("", before, after)
        return
    places = differences(before, after)
    if not places:
        yield _values("", before, after)._replace(remark="only the form differs")
    yield from map(_place, places[:MOST_PIECES])
    if len(places) > MOST_PIECES:
        yield Piece(note=f"… and {len(places) - MOST_PIECES:,} more places")


def _place(found: JsonDifference) -> Piece:
    where = "".join(map(_step, found.path))
    if found.moved_from is not None:
        return Piece(where, note=f"moved from [{found.moved_from}] to [{found.path[-1].at}]")
    if found.removed:
        return Piece(where, as_text(found.before), None)
    if found.added:
        return Piece(where, None, as_text(found.after))
    return _values(where, found.before, found.after)


def _values(where: str, before: JSON, after: JSON) -> Piece:
    if not isinstance(before, str) or not isinstance(after, str):
        return Piece(where, as_text(before), as_text(after))
    return Piece(where, *quoted(before, after), (before, after), remark=unlike(before, after))


def _step(step: Step) -> str:
    """Write a step into a value: ``.name``, ``["odd name"]``, ``[3]``, ``[id "5f"]``."""
    if isinstance(step.at, str):
        return f".{step.at}" if _NAME.match(step.at) else f"[{as_text(step.at)}]"
    if step.key:
        name, value = step.key
        known_by = f"[{visible(name)} {as_text(value)}]"
        if len(known_by) <= LONGEST_KEY:
            return known_by
    return f"[{step.at}]"
