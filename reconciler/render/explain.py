"""What changes inside a column: a value, some places of a JSON value, some lines of a text.

Every view shows these pieces, so all of them say the same. JSON is compared by deepdiff path by
path, texts of several lines by difflib.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import NamedTuple

from ..jsontext import spaced
from ..kind import JSON
from ..plan import ChangeDocument, ColumnDocument
from .visible import visible
from .words import short

MOST_PIECES = 40
MOST_LINES = 2000
LARGEST_JSON = 200_000
_NAME = re.compile(r"[A-Za-z_][\w-]*\Z")


class Piece(NamedTuple):
    """One difference: ``where`` inside the column (nothing: all of it), and the values as text.

    ``before`` and ``after`` are None where there is none. ``lines`` are the lines of a long text
    that differ, each behind ``-``, ``+`` or a space, with ``…`` where some are left out.
    ``note`` says what cannot be shown as two values, such as that they are hidden.
    """

    where: str = ""
    before: str | None = None
    after: str | None = None
    lines: tuple[str, ...] = ()
    note: str = ""


Explained = Mapping[str, tuple[Piece, ...]]


def explained(change: ChangeDocument, names: Mapping[str, str]) -> Explained:
    """Explain every column of a change; ``names`` gives the name of a row's id."""
    columns = {**change["label"], **change["columns"]}
    return {name: tuple(_pieces(column, names)) for name, column in columns.items()}


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


def _pieces(column: ColumnDocument, names: Mapping[str, str]) -> Iterator[Piece]:
    if "hidden" in column:
        yield Piece(note=f"({visible(column['hidden'])})")
    elif "refers_to" in column:
        before = _before(column, names) if "before" in column else None
        yield Piece("", before, visible(column["refers_to"]))
    elif "referred_to" in column:
        yield Piece(
            "", _before(column, names), as_text(column["after"]) if "after" in column else None
        )
    elif "before" in column and "after" in column:
        yield from _differences(column["before"], column["after"])
    elif "before" in column:
        yield Piece(before=_before(column, names))
    elif "after" in column:
        yield Piece(after=as_text(column["after"]))


def _before(column: ColumnDocument, names: Mapping[str, str]) -> str:
    """Write an id as the name of its row, where that is known."""
    if "referred_to" in column:
        return visible(column["referred_to"])
    value = column["before"]
    known = names.get(value) if isinstance(value, str) else None
    return known or as_text(value)


def _differences(before: JSON, after: JSON) -> Iterator[Piece]:
    alike = isinstance(before, dict | list) and type(before) is type(after)
    if not alike or max(len(as_text(before)), len(as_text(after))) > LARGEST_JSON:
        yield _values("", before, after)
        return
    pieces = sorted(_places(before, after), key=lambda piece: _natural(piece.where))
    if not pieces:  # the same to people; what differs is how it is written
        yield _values("", before, after)
    yield from pieces[:MOST_PIECES]
    if len(pieces) > MOST_PIECES:
        yield Piece(note=f"… and {len(pieces) - MOST_PIECES:,} more places")


def _places(before: JSON, after: JSON) -> Iterator[Piece]:
    from deepdiff import DeepDiff
    from deepdiff.helper import notpresent

    found = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0)
    for level in (level for levels in found.values() for level in levels):
        where = _path(level.path(output_format="list"))
        if level.t1 is notpresent:
            yield Piece(where, None, as_text(level.t2))
        elif level.t2 is notpresent:
            yield Piece(where, as_text(level.t1), None)
        elif level.t1 != level.t2 or isinstance(level.t1, bool) or isinstance(level.t2, bool):
            yield _values(where, level.t1, level.t2)  # 1 and 1.0 are the same number


def _values(where: str, before: JSON, after: JSON) -> Piece:
    lines: tuple[str, ...] = ()
    if isinstance(before, str) and isinstance(after, str) and ("\n" in before or "\n" in after):
        lines = tuple(_lines(before.splitlines(), after.splitlines()))
    return Piece(where, as_text(before), as_text(after), lines)


def _lines(before: list[str], after: list[str]) -> Iterator[str]:
    if len(before) + len(after) > MOST_LINES:
        return
    for number, line in enumerate(unified_diff(before, after, n=1, lineterm="")):
        if number < 2:  # the names of two files
            continue
        if line.startswith("@@"):
            yield from ["…"] if number > 2 else []
        elif line.strip():  # an empty line around those that differ says nothing
            yield f"{line[0]} {visible(line[1:])}"


def _path(steps: list[str | int]) -> str:
    return "".join(
        f".{step}" if isinstance(step, str) and _NAME.match(step) else f"[{as_text(step)}]"
        for step in steps
    )


def _natural(where: str) -> list[tuple[int, str]]:
    """Sort ``[2]`` before ``[10]``."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", where)]
