"""The shape of a kind's schema: what ``schemas/kind.schema.json`` says, as types.

That file says in words what each keyword means. Here stand the keywords that are read.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from ..values.column import JSON

Verb = Literal["list", "create", "update", "delete"]
Evidence = Literal["documented-2026", "second-hand-2026", "documented-2024", "inferred"]
Format = Literal[
    "colour", "country", "currency", "language", "past-currency", "time-zone", "url"
]  # fmt: skip
Severity = Literal["error", "warning"]
Names: TypeAlias = list[str]


class PlaceSchema(TypedDict):
    """A place inside a JSON column that holds ids."""

    path: str
    references: str


ColumnSchema = TypedDict(
    "ColumnSchema",
    {
        "description": str,
        "type": str | Names,
        "default": NotRequired[JSON],
        "enum": NotRequired[list[JSON]],
        "readOnly": NotRequired[bool],
        "x-type": str,
        "x-format": NotRequired[Format],
        "format": NotRequired[str],
        "x-volatile": NotRequired[bool],
        "x-references": NotRequired[str],
        "x-json-references": NotRequired[list[PlaceSchema]],
        "x-filled": NotRequired[Literal["organization"]],
        "x-required-on-create": NotRequired[bool],
        "x-pii": NotRequired[bool],
        "x-sensitive": NotRequired[bool],
        "x-interim": NotRequired[bool],
        "x-unconfirmed": NotRequired[bool],
        "x-default-sql": NotRequired[str],
        "x-generated": NotRequired[str],
        "x-column": NotRequired[str],
    },
)
"""A column, or an input that is only for the create. ``type`` and so on are plain JSON Schema."""


class CreateSchema(TypedDict):
    """A create that is more than a POST of the row."""

    action: str
    columns: NotRequired[Names]
    inputs: NotRequired[dict[str, ColumnSchema]]


class DeleteSchema(TypedDict):
    """A delete that is more than a DELETE by filter."""

    action: str
    cascades: NotRequired[Names]


class ConsentSchema(TypedDict):
    """A consent that a verb needs."""

    name: str
    columns: NotRequired[Names]
    unless: NotRequired[dict[str, JSON]]


class GivenSchema(TypedDict):
    """How many of some columns have a value."""

    columns: Names
    least: NotRequired[int]
    most: NotRequired[int]


class NeededSchema(TypedDict):
    """A column that has a value where others have some values."""

    column: str
    when: dict[str, list[JSON]]


class InsideSchema(TypedDict):
    """What a column holds inside, as JSON Schema."""

    column: str
    schema: dict[str, JSON]


class RuleSchema(TypedDict):
    """A rule, of one of four sorts."""

    order: NotRequired[Names]
    given: NotRequired[GivenSchema]
    needed: NotRequired[NeededSchema]
    inside: NotRequired[InsideSchema]
    severity: Severity
    evidence: Evidence


class UnitSchema(TypedDict):
    """The rows have calendars."""

    label: NotRequired[str]
    currency: NotRequired[str]
    time_zone: NotRequired[str]
    whole_days: NotRequired[dict[str, list[JSON]]]


class PricesSchema(TypedDict):
    """The rows say what days cost."""

    unit: str
    days: str
    rates: str
    amount: str
    by: NotRequired[Names]
    label: NotRequired[str]
    order: NotRequired[str]
    rules: NotRequired[Names]
    undocumented: NotRequired[Names]


class StateSchema(TypedDict):
    """How days are taken by a row with these values."""

    state: Literal["booked", "pending", "blocked", "free"]
    when: NotRequired[dict[str, list[JSON]]]


TakenSchema = TypedDict(
    "TakenSchema",
    {
        "unit": str,
        "from": str,
        "until": str,
        "states": list[StateSchema],
        "undocumented": NotRequired[Names],
    },
)
"""The rows take days."""


class SeasonSchema(TypedDict):
    """The rows name parts of every year."""

    yearly: str
    type: str
    ranges: str
    first: str
    last: str
    january: int
    label: NotRequired[str]
    undocumented: NotRequired[Names]


class LimitSchema(TypedDict):
    """The rows say how many a unit takes."""

    unit: str
    of: str
    least: str
    most: str


class CalendarSchema(TypedDict):
    """What the rows are to a calendar of prices: one of these."""

    unit: NotRequired[UnitSchema]
    prices: NotRequired[PricesSchema]
    taken: NotRequired[TakenSchema]
    season: NotRequired[SeasonSchema]
    limit: NotRequired[LimitSchema]


KindSchema = TypedDict(
    "KindSchema",
    {
        "title": str,
        "description": str,
        "properties": dict[str, ColumnSchema],
        "x-kind": str,
        "x-area": str,
        "x-verbs": dict[Verb, Evidence],
        "x-primary-key": Names,
        "x-natural-key": NotRequired[Names | list[Names]],
        "x-label": NotRequired[Names],
        "x-order": NotRequired[Names],
        "x-link": NotRequired[bool],
        "x-id": NotRequired[Literal["client", "server"]],
        "x-version": NotRequired[str],
        "x-soft-delete": NotRequired[str],
        "x-initial": NotRequired[dict[str, JSON]],
        "x-unique": NotRequired[list[Names]],
        "x-create": NotRequired[CreateSchema],
        "x-delete": NotRequired[DeleteSchema],
        "x-consents": NotRequired[dict[Verb, list[ConsentSchema]]],
        "x-rules": NotRequired[list[RuleSchema]],
        "x-calendar": NotRequired[CalendarSchema],
    },
)
"""A kind."""
