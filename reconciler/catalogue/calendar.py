"""What the rows of a kind are to a calendar of prices, as ``x-calendar`` in its schema says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..values.column import JSON
from .shape import CalendarSchema, PricesSchema, SeasonSchema, TakenSchema, UnitSchema

State = Literal["booked", "pending", "blocked"]
States = tuple[tuple[State | None, Mapping[str, list[JSON]]], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Its rows have calendars; ``whole_days`` are values with which the last date is a day, too."""

    label: str | None
    currency: str | None
    zone: str | None
    whole_days: Mapping[str, list[JSON]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        named = (_column(self.label), self.currency, self.zone, *self.whole_days)
        return tuple(filter(None, named))


@dataclass(frozen=True, slots=True)
class Prices:
    """Its rows say what a day costs; ``by`` are what else a rate in ``rates`` names."""

    unit: str
    days: str
    rates: str
    amount: str
    by: tuple[str, ...]
    label: str | None
    order: str | None
    rules: tuple[str, ...]
    undocumented: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        named = (self.unit, self.days, self.rates, _column(self.label), self.order, *self.rules)
        return tuple(filter(None, named))


@dataclass(frozen=True, slots=True)
class Taken:
    """Its rows take days of a unit; the first of ``states`` that fits says how, None: not at all.

    ``until`` is the day of departure, or a moment on it.
    """

    unit: str
    since: str
    until: str
    states: States
    undocumented: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return (self.unit, self.since, self.until, *(n for _, when in self.states for n in when))


@dataclass(frozen=True, slots=True)
class Season:
    """Its rows name parts of every year, both days included; ``january`` is the first month."""

    column: str
    type: str
    ranges: str
    first: str
    last: str
    january: int
    label: str | None
    undocumented: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return tuple(filter(None, (self.column, _column(self.label))))


@dataclass(frozen=True, slots=True)
class Limit:
    """Its rows say how many of what a unit takes."""

    unit: str
    of: str
    least: str
    most: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names."""
        return (self.unit, self.of, self.least, self.most)


Part: TypeAlias = Unit | Prices | Taken | Season | Limit


def part_of(schema: CalendarSchema | None) -> Part | None:
    """Read ``x-calendar``."""
    if schema is None:
        return None
    if "unit" in schema:
        return _unit(schema["unit"])
    if "prices" in schema:
        return _prices(schema["prices"])
    if "taken" in schema:
        return _taken(schema["taken"])
    if "season" in schema:
        return _season(schema["season"])
    if "limit" in schema:
        limit = schema["limit"]
        return Limit(limit["unit"], limit["of"], limit["least"], limit["most"])
    return None


def _unit(schema: UnitSchema) -> Unit:
    return Unit(
        schema.get("label"),
        schema.get("currency"),
        schema.get("time_zone"),
        schema.get("whole_days", {}),
    )


def _prices(schema: PricesSchema) -> Prices:
    return Prices(
        schema["unit"],
        schema["days"],
        schema["rates"],
        schema["amount"],
        tuple(schema.get("by", [])),
        schema.get("label"),
        schema.get("order"),
        tuple(schema.get("rules", [])),
        tuple(schema.get("undocumented", [])),
    )


def _taken(schema: TakenSchema) -> Taken:
    states = ((one["state"], one.get("when", {})) for one in schema["states"])
    known = tuple((None if name == "free" else name, when) for name, when in states)
    undocumented = tuple(schema.get("undocumented", []))
    return Taken(schema["unit"], schema["from"], schema["until"], known, undocumented)


def _season(schema: SeasonSchema) -> Season:
    return Season(
        schema["yearly"],
        schema["type"],
        schema["ranges"],
        schema["first"],
        schema["last"],
        schema["january"],
        schema.get("label"),
        tuple(schema.get("undocumented", [])),
    )


def _column(label: str | None) -> str | None:
    return label and label.partition("->>")[0]
