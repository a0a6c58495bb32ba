"""Read schema files: JSON, with the place of everything in it."""

import json
import stat
from collections.abc import Iterator, Sequence
from json.decoder import JSONDecoder
from pathlib import Path
from re import compile as pattern
from typing import NamedTuple, NoReturn, TypeGuard

from ...diagnostics import Code, Position, Problem
from ...values.column import JSON
from ..schemas import SUFFIX

MOST_FILES = 500
LARGEST = 1024 * 1024
Steps = Sequence[str | int]
Schema = dict[str, JSON]
"""A schema that a user wrote: nothing in it is certain yet."""

_SPACE = pattern(r"[ \t\r\n]*")
_DECODER = JSONDecoder()


class Complaint(NamedTuple):
    """What is wrong with a schema, and where in it; ``loosens`` where it takes a safeguard away."""

    steps: Steps
    message: str
    hint: str | None = None
    loosens: bool = False


class SchemaFile(NamedTuple):
    """One file that holds an object of JSON."""

    name: str
    text: str
    schema: Schema

    def problem(self, complaint: Complaint) -> Problem:
        """Say where a complaint is."""
        place = position(self.name, self.text, offset_of(self.text, complaint.steps))
        code: Code = "loosened-catalogue" if complaint.loosens else "bad-catalogue"
        return Problem(code, complaint.message, place, hint=complaint.hint)


def read_files(folder: Path, shown: str, problems: list[Problem]) -> list[SchemaFile]:
    """Read the schema files of a folder; what is wrong goes to the problems."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX))
    except OSError as error:
        message = f"the catalogue {shown} cannot be read: {error.strerror}"
        problems.append(Problem("bad-catalogue", message, hint="see reconciler.catalogue.path"))
        return []
    if not paths or len(paths) > MOST_FILES:
        message = f"the catalogue {shown} holds {len(paths)} files *{SUFFIX}"
        hint = f"it takes 1 to {MOST_FILES}, one for each kind"
        problems.append(Problem("bad-catalogue", message, hint=hint))
        return []
    return [file for path in paths if (file := _read(path, f"{shown}/{path.name}", problems))]


def _read(path: Path, name: str, problems: list[Problem]) -> SchemaFile | None:
    top = Position(name, 1, 1)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            message = f"{name} is no regular file of at most {LARGEST >> 20} MiB"
            problems.append(Problem("bad-catalogue", message, top))
            return None
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        problems.append(Problem("bad-catalogue", f"{name} cannot be read: {reason}", top))
        return None
    try:
        schema: object = json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        place = position(name, text, min(error.pos, len(text)))
        problems.append(Problem("bad-catalogue", f"{name} is not JSON: {error.msg}", place))
        return None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "it is too deep"
        problems.append(Problem("bad-catalogue", f"{name} cannot be read: {reason}", top))
        return None
    if not _is_schema(schema):
        problems.append(Problem("bad-catalogue", f"{name} holds no object", top))
        return None
    return SchemaFile(name, text, schema)


def _is_schema(value: object) -> TypeGuard[Schema]:
    return isinstance(value, dict)


def _without_doubles(pairs: list[tuple[str, JSON]]) -> Schema:
    """Refuse a name that is given twice: readers may take the first for the one that counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{double!r} is given twice in one object")
    return found


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def offset_of(text: str, steps: Steps) -> int:
    """Find where a part of JSON text begins: its name, or the item; as far as the path goes."""
    at = found = _space(text, 0)
    for step in steps:
        inner = next((place for place in _entries(text, at) if place[0] == step), None)
        if inner is None:
            break
        _, found, at = inner
    return found


def _entries(text: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """Iterate over what is in the object or list at a place: its step, its place, its value's."""
    if text[at] not in "{[":
        return
    number, start = 0, _space(text, at + 1)
    while text[start] not in "}]":
        step: str | int = number
        value = start
        if text[at] == "{":
            name, end = _DECODER.raw_decode(text, start)
            step, value = str(name), _space(text, _space(text, end) + 1)
        yield step, start, value
        end = _space(text, _DECODER.raw_decode(text, value)[1])
        number, start = number + 1, _space(text, end + (text[end] == ","))


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def position(name: str, text: str, offset: int) -> Position:
    """Give the line and column of an offset."""
    before = text[:offset]
    return Position(name, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
