"""The one table of column types: what a type means, wherever it is asked.

A new type is a new entry here. What only a room to the right can say (SQL, filters) is kept there
by ``form``, which several types may share; a test holds that every form is known there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from . import moments, numbers, plain, ranges
from .core import Plain, read_core
from .jsonform import canonical_json
from .jsontext import JSON
from .plain import Canonical

Form = Literal[
    "text", "search", "id", "boolean", "integer", "real", "date", "time", "moment", "range",
    "ranges", "json", "list",
]  # fmt: skip
JsonType = Literal["string", "boolean", "integer", "number", "array", "object"]


@dataclass(frozen=True, slots=True)
class Stored:
    """How PostgreSQL calls a type in full, and what the sandbox fills in where nothing is given."""

    default: str | None = None
    full_name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnType:
    """What a column type means; ``name`` is PostgreSQL's, so the sandbox makes columns of it.

    ``expects`` says what people may write, in words. ``read`` is how a text of YAML becomes a
    value; it raises UnreadableError. ``canonical`` is the form in which two values of the type are
    compared, with ``==``; it raises ValueError. ``json`` are the types of JSON that the API
    answers. A list reads, and describes in editors, its items.
    """

    name: str
    form: Form
    expects: str
    read: Callable[[str], Plain]
    canonical: Callable[[JSON], Canonical]
    stored: Stored = Stored()
    json: tuple[JsonType, ...] = ("string",)
    every: type[object] | None = None
    """Any answer of this type of Python's is a value; without it, it must be looked at."""
    pattern: str = ""
    """What editors let pass, as a regular expression, where the type alone says it."""
    free: bool = False
    """People write in it what they like: spaces around do not count, and names may stand in it."""
    nothing: str | None = None
    """The canonical form that recognises no row."""
    bare: bool = False
    """Emitted without quotes: every reader of YAML takes it for what it is."""
    item: "ColumnType | None" = None

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Callable[[str], "ColumnType"], tuple[str]]:
        """Copy and pickle it by its name: what it consists of are functions."""
        return type_named, (self.name,)

    @property
    def noun(self) -> str:
        """What a value of it is called."""
        return self.expects.partition(" such as ")[0]


def _list(item: ColumnType, items: str, default: str) -> ColumnType:
    return ColumnType(
        f"{item.name}[]", "list", f"a list of {items}", item.read, plain.list_form(item.canonical),
        Stored(default), json=("array",), free=item.free, item=item,
    )  # fmt: skip


def _whole(name: str) -> ColumnType:
    return ColumnType(
        name, "integer", numbers.A_WHOLE_NUMBER, numbers.read_integer, numbers.integer_form,
        Stored("0"), json=("integer",), pattern=numbers.INTEGER,
    )  # fmt: skip


_TEXT = ColumnType(
    "text", "text", plain.A_TEXT, plain.read_text, plain.text_form,
    Stored("''"), every=str, free=True,
)  # fmt: skip
_BOOLEAN = ColumnType(
    "boolean", "boolean", plain.TRUE_OR_FALSE, plain.read_boolean, plain.boolean_form,
    Stored("false"), json=("boolean",), every=bool, pattern=plain.BOOLEAN,
)  # fmt: skip
_ALL = (
    _TEXT,
    _BOOLEAN,
    ColumnType(
        "tsvector", "search", plain.A_TEXT, plain.read_text, plain.text_form,
        Stored("''"), every=str,
    ),
    ColumnType(  # it has no empty value: a missing id must fail
        "uuid", "id", plain.AN_ID, plain.read_uuid, plain.uuid_form, every=str,
    ),
    _whole("smallint"),
    _whole("integer"),
    _whole("bigint"),
    ColumnType(
        "real", "real", numbers.A_NUMBER, numbers.read_real, numbers.real_form,
        Stored("0"), json=("number",), pattern=numbers.DECIMAL,
    ),
    ColumnType(
        "date", "date", moments.A_DATE, moments.read_date, moments.date_form,
        Stored("current_date"), bare=True,
    ),
    ColumnType(
        "time", "time", moments.A_TIME, moments.read_time, moments.time_form,
        Stored(full_name="time without time zone"),
    ),
    ColumnType(
        "timestamptz", "moment", moments.AN_INSTANT, moments.read_instant, moments.instant_form,
        Stored("now()", "timestamp with time zone"), bare=True,
    ),
    ColumnType(
        "daterange", "range", ranges.A_RANGE, ranges.read_range, ranges.range_form,
        Stored("'empty'"), nothing="empty",
    ),
    ColumnType(
        "datemultirange", "ranges", ranges.RANGES, ranges.read_multirange, ranges.multirange_form,
        Stored("'{}'"), nothing="{}",
    ),
    ColumnType(
        "jsonb", "json", "JSON", read_core, canonical_json,
        Stored("'{}'"), json=("object", "array", "string", "number", "boolean"), every=object,
        free=True,
    ),
    _list(_TEXT, "texts", "'{}'"),
    _list(_BOOLEAN, "true and false", "array_fill(true, array[7])"),
)  # fmt: skip
TYPES: Mapping[str, ColumnType] = {entry.name: entry for entry in _ALL}
"""Every type that a column may have, by name."""


def type_named(name: str) -> ColumnType:
    """Give the type of a name."""
    return TYPES[name]
