"""Rows out of an answer, value by value where one of them is beyond what can be carried."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from ..values.jsontext import DEEPEST, UncarriedError, is_too_deep, loads, nested, parsed

_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


@dataclass(frozen=True, slots=True)
class Beyond:
    """Stands for a column's value that cannot be carried; ``what`` says why."""

    what: str


RawRow: TypeAlias = Mapping[str, object]
"""A row whose values nobody has looked at: JSON, or :class:`Beyond`."""


def read_cells(body: bytes) -> object:
    """Read an answer; a column's value that cannot be carried becomes a :class:`Beyond`.

    Raises ValueError where the answer is no JSON.
    """
    try:
        content = parsed(body)
        if not is_too_deep(content):
            return content
    except UncarriedError:
        pass
    return list(_rows(body.decode()))


def _rows(text: str) -> Iterator[dict[str, object]]:
    """Find the rows without following their values down, however deep these are."""
    level = 2 if text.lstrip().startswith("[") else 1
    depth = deepest = start = 0
    row: dict[str, object] = {}
    name = ""
    for found in _PIECE.finditer(text):
        piece = found[0]
        if depth == level and start and piece in ",}]":
            row[name] = _cell(text[start : found.start()], deepest - level)
            start = 0
        if piece in "{[":
            depth += 1
            deepest = max(deepest, depth)
            if depth == level and piece == "[":
                raise ValueError("not a list of rows")
        elif piece in "}]":
            depth -= 1
            if depth == level - 1 and piece == "}":
                yield row
                row = {}
        elif depth == level and piece == ":" and not start:
            start, deepest = found.end(), depth
        elif depth == level and piece != "," and not start:
            name = cast("str", json.loads(piece))
    if depth:
        raise ValueError("it ends in the middle")


def _cell(text: str, depth: int) -> object:
    if depth > DEEPEST:
        return Beyond(nested().args[0])
    try:
        return loads(text.encode())
    except UncarriedError as error:
        return Beyond(str(error))
