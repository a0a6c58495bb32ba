"""Organizations from a table: a CSV file with a column for each setting."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ..configuration.load.files import FileReader, shown
from ..configuration.load.problems import ProblemReport
from ..diagnostics import Position
from ..diagnostics.words import shortened
from .members import Member
from .words import Words, what_name_takes

MOST_MEMBERS = 10_000
COLUMNS = ("name", "organization", "overlays", "var_file", "wave", "tags")
_NEEDED = 2
_BETWEEN = ";"


class _Rows(Protocol):
    """Rows that know the line that they end in."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Iterate over the rows."""

    def __next__(self) -> list[str]:
        """Give the next row."""


def listed(path: Path, words: Words, report: ProblemReport) -> Iterator[Member]:
    """Read the organizations of a file; lists in it have a semicolon between their parts."""
    text = FileReader(report).text(path, shown(path))
    if text is None:
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from _members(rows, shown(path), words)
    except csv.Error as error:
        place = Position(shown(path), rows.line_num, 1)
        words.wrong(f"this is no CSV: {error}", place, "close each quote; separate by commas")


def _members(rows: "_Rows", file: str, words: Words) -> Iterator[Member]:
    header = [name.strip() for name in next(rows, [])]
    top = Position(file, 1, 1)
    if {*header} - {*COLUMNS} or {*COLUMNS[:_NEEDED]} - {*header} or len({*header}) < len(header):
        words.wrong("the first line does not name the columns", top, f"write {','.join(COLUMNS)}")
        return
    seen: dict[str, int] = {}
    line = rows.line_num
    for row in rows:
        place, line = Position(file, line + 1, 1), rows.line_num
        if not any(row):
            continue
        if len(row) != len(header):
            message = f"the line has {len(row)} values, the first line {len(header)} columns"
            words.wrong(message, place, "give each column a value, be it an empty one")
            continue
        if len(seen) == MOST_MEMBERS:
            words.wrong(f"there are more than {MOST_MEMBERS:,} organizations", place, "split it")
            return
        member = _member(dict(zip(header, map(str.strip, row), strict=True)), place, words)
        first = seen.setdefault(member.name, place.line)
        if first != place.line:
            message = f"{shortened(member.name)} is named twice, first in line {first}"
            words.wrong(message, place, "keep one")
        yield member


def _member(row: dict[str, str], place: Position, words: Words) -> Member:
    wrong = what_name_takes(row["name"])
    if wrong:
        hint = "write small letters, digits and -, such as villa-amalfi"
        words.wrong(f"{shortened(row['name'])!r} is no name: {wrong}", place, hint)
    overlays = [words.path_at(text, place) for text in _parts(row.get("overlays", ""))]
    tags = [words.tag_at(text, place) for text in _parts(row.get("tags", ""))]
    var_file = row.get("var_file")
    return Member(
        row["name"],
        words.organization(row["organization"], place) or "",
        place,
        tuple(path for path in overlays if path),
        words.path_at(var_file, place) if var_file else None,
        row.get("wave") or None,
        frozenset(tag for tag in tags if tag),
    )


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in text.split(_BETWEEN) if part.strip()]
