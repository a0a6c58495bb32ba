"""Read schema files: JSON, with the place of everything in it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from json.decoder import JSONDecoder
from pathlib import Path
from re import DOTALL
from re import compile as pattern
from typing import NamedTuple, NoReturn, TypeGuard

import orjson

from ...diagnostics import Code, Position, Problem
from ...files import leads_outside, read_file
from ...values.column import JSON
from ..schemas import SUFFIX

MOST_FILES = 500
LARGEST = 1024 * 1024
DEEPEST = 50
"""How many objects and lists may stand in each other: whatever reads a schema goes down there."""
MOST_NAMED = 20
"""How much of what is wrong with one file has a place; the rest is counted."""
_LONGEST = 200
Steps = Sequence[str | int]
Schema = dict[str, JSON]
"""A schema that a user wrote: nothing in it is certain yet."""

_SPACE = pattern(r"[ \t\r\n]*")
_TEXT_OR_BRACKET = pattern(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', DOTALL)
"""A text that does not end takes all there is, so that no character is looked at twice."""
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

    def problems(self, complaints: Iterable[Complaint]) -> Iterator[Problem]:
        """Say where the first complaints are, and how many more there are."""
        rest = iter(complaints)
        yield from map(self._problem, islice(rest, MOST_NAMED))
        more = sum(1 for _ in rest)
        if more:
            message = f"{self.name}: {more:,} more {'is' if more == 1 else 'are'} counted"
            hint = "fix the first of them: many may have one cause"
            end = position(self.name, self.text, len(self.text))
            yield Problem("more-problems", message, end, hint=hint, stands_for=more)

    def _problem(self, complaint: Complaint) -> Problem:
        place = position(self.name, self.text, offset_of(self.text, complaint.steps))
        code: Code = "loosened-catalogue" if complaint.loosens else "bad-catalogue"
        message = complaint.message
        if len(message) > _LONGEST:
            message = f"{message[:_LONGEST]}…"
        return Problem(code, message, place, hint=complaint.hint)


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
    found = (_read(path, f"{shown}/{path.name}", folder, problems) for path in paths)
    return [file for file in found if file]


def _read(path: Path, name: str, folder: Path, problems: list[Problem]) -> SchemaFile | None:
    top = Position(name, 1, 1)
    if leads_outside(path, folder):
        message = f"{name} is a link that leads out of the catalogue"
        hint = "put what it leads to into the folder of the catalogue"
        problems.append(Problem("link-outside", message, top, hint=hint))
        return None
    try:
        text = read_file(path, LARGEST).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        problems.append(Problem("bad-catalogue", f"{name} cannot be read: {reason}", top))
        return None
    deep = _too_deep(text)
    if deep is not None:
        message = f"{name} holds more than {DEEPEST} objects and lists in each other"
        problems.append(Problem("bad-catalogue", message, position(name, text, deep)))
        return None
    return _parsed(name, text, problems)


def _parsed(name: str, text: str, problems: list[Problem]) -> SchemaFile | None:
    top = Position(name, 1, 1)
    try:
        schema: object = json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
        orjson.dumps(schema)  # halves of characters, and numbers that nobody can write again
    except json.JSONDecodeError as error:
        place = position(name, text, min(error.pos, len(text)))
        problems.append(Problem("bad-catalogue", f"{name} is not JSON: {error.msg}", place))
        return None
    except (ValueError, TypeError) as error:
        problems.append(Problem("bad-catalogue", f"{name} cannot be read: {error}", top))
        return None
    if not is_schema(schema):
        problems.append(Problem("bad-catalogue", f"{name} holds no object", top))
        return None
    return SchemaFile(name, text, schema)


def _too_deep(text: str) -> int | None:
    """Find the first object or list that stands in too many others."""
    depth = 0
    for found in _TEXT_OR_BRACKET.finditer(text):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth > DEEPEST:
            return found.start()
    return None


def is_schema(value: object) -> TypeGuard[Schema]:
    """Tell whether a value of JSON is an object."""
    return isinstance(value, dict)


def _without_doubles(pairs: list[tuple[str, JSON]]) -> Schema:
    """Refuse a name that is given twice: readers may take the first for the one that counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        numbers = Counter(name for name, _ in pairs)
        double = next(name for name, number in numbers.items() if number > 1)
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
