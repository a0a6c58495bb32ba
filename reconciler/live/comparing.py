"""Compare the catalogue with live, kind by kind: what is new, gone, or of another type.

Two things are asked: the server's OpenAPI document, and some rows with all their columns. Of a row
only the types of its values are looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..client.described import DescribedColumn, DescribedKind
from ..client.protocols import Reader
from ..diagnostics import ApiError
from ..values.column import Column
from ..values.types import TYPES
from .together import all_or_refused

ROWS = 20
_GONE = 404
_TYPES: Mapping[str, str] = {
    "character varying": "text", "character": "text", "citext": "text", "name": "text",
    "double precision": "real", "numeric": "real", "json": "jsonb", "bpchar": "text",
    "timestamp without time zone": "timestamptz",
    **{entry.stored.full_name: name for name, entry in TYPES.items() if entry.stored.full_name},
}  # fmt: skip
"""Types of PostgreSQL, and the column type that reads them."""
_OF_VALUES: Mapping[type, str] = {
    bool: "boolean", int: "integer", float: "real", str: "text", dict: "jsonb", list: "jsonb",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column that the catalogue lacks; ``type`` is a column type, or None where none is known."""

    name: str
    type: str | None
    described: DescribedColumn | None = None


@dataclass(frozen=True, slots=True)
class LiveKind:
    """What live has otherwise of one kind; one that the catalogue lacks ``is_new``.

    ``other`` are columns of another type: their names, the type that is known, and live's.
    """

    name: str
    is_new: bool
    new: tuple[LiveColumn, ...]
    gone: tuple[str, ...] = ()
    other: tuple[tuple[str, str, str], ...] = ()
    methods: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Compared:
    """Kinds that differ, those that are gone, and those of which nothing is known."""

    differ: tuple[LiveKind, ...]
    gone: tuple[str, ...]
    unknown: tuple[str, ...]


async def compare(client: Reader, kinds: Mapping[str, Kind]) -> Compared:
    """Compare every kind that can be listed; raises ApiError where nothing can be asked."""
    described = await client.describe() or {}
    listed = [kind for kind in kinds.values() if kind.can_list]
    answers = await all_or_refused(client.sample(kind, ROWS) for kind in listed)
    differ: list[LiveKind] = []
    gone: list[str] = []
    unknown: list[str] = []
    for kind, answer in zip(listed, answers, strict=True):
        said, refused = described.get(kind.name), isinstance(answer, ApiError)
        types = {} if isinstance(answer, ApiError) else _types(answer)
        if isinstance(answer, ApiError) and answer.status == _GONE and not said:
            gone.append(kind.name)
        elif not said and (refused or not types):
            unknown.append(kind.name)
        elif (found := _difference(kind, said, types)) is not None:
            differ.append(found)
    differ += (_new(name, one) for name, one in described.items() if name not in kinds)
    return Compared(tuple(differ), tuple(gone), tuple(unknown))


def _types(rows: Sequence[Mapping[str, object]]) -> dict[str, type | None]:
    """Give the type of the first value of each column that is not null."""
    found: dict[str, type | None] = {}
    for row in rows:
        for name, value in row.items():
            if found.get(name) is None:
                found[name] = None if value is None else type(value)
    return found


def _difference(
    kind: Kind, said: DescribedKind | None, types: Mapping[str, type | None]
) -> LiveKind | None:
    columns = said.columns if said else {}
    names = dict.fromkeys([*columns, *types])
    new = tuple(
        LiveColumn(name, _type_of(columns.get(name), types.get(name)), columns.get(name))
        for name in names
        if name not in kind.columns
    )
    gone = tuple(n for n, c in kind.columns.items() if n not in names and not c.unconfirmed)
    other = tuple(_other(kind, columns, types))
    return LiveKind(kind.name, False, new, gone, other) if new or gone or other else None


def _other(
    kind: Kind, said: Mapping[str, DescribedColumn], types: Mapping[str, type | None]
) -> Iterator[tuple[str, str, str]]:
    for name, column in kind.columns.items():
        live = said[name].type if name in said else ""
        if live and _known_as(live) != column.type.name and column.type.name != live:
            yield name, column.type.name, live
        elif (value := types.get(name)) and not _fits(column, value):
            yield name, column.type.name, _OF_VALUES.get(value, value.__name__)


def _fits(column: Column, value: type) -> bool:
    """Tell whether a type of Python's holds values of a column, as JSON writes them."""
    of_json = {
        bool: "boolean", int: "integer number", float: "number", str: "string", dict: "object",
        list: "array",
    }.get(value, "number")  # fmt: skip
    return not set(of_json.split()).isdisjoint(column.type.json)


def _known_as(live: str) -> str:
    """Give the column type that reads a type of PostgreSQL; one of the user's own is a text."""
    bare = live.partition("(")[0]
    return _TYPES.get(bare, "text" if "." in bare else bare)


def _type_of(said: DescribedColumn | None, value: type | None) -> str | None:
    if said and said.type:
        known = _known_as(said.type)
        return known if known in TYPES else None
    return _OF_VALUES.get(value) if value else None


def _new(name: str, said: DescribedKind) -> LiveKind:
    columns = (LiveColumn(n, _type_of(c, None), c) for n, c in said.columns.items())
    return LiveKind(name, True, tuple(columns), methods=said.methods)
