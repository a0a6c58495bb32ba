"""What a row says of the days of a unit: what they cost, or that they are taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..catalogue import Kind
from ..catalogue.calendar import Part, Prices, Taken
from ..values.column import JSON
from .days import Span, spans_of, stay
from .rows import Cells, fits, labelled, text

State = Literal["price", "booked", "pending", "blocked", "season"]


@dataclass(frozen=True, slots=True)
class Rate:
    """A price as it is written, and what it depends on."""

    amount: str
    by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A row without its days; two that say the same of different days are equal."""

    address: str
    state: State
    label: str = ""
    order: int | None = None
    rates: tuple[Rate, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    place: tuple[float, str] = field(default=(0, ""), compare=False)
    """Where it stands among others on the same day."""

    @property
    def meaning(self) -> tuple[object, ...]:
        """What it does to a day, whatever it is called."""
        return (self.state, self.rates, self.rules)


@dataclass(frozen=True, slots=True)
class Setting:
    """What of a unit decides how days are read."""

    zone: str | None = None
    whole_days: bool = False


def unit_of(part: Part | None, row: Cells) -> str | None:
    """Name the unit that a row is about."""
    unit = row.get(part.unit) if isinstance(part, Prices | Taken) else None
    return unit if isinstance(unit, str) else None


def source_of(
    address: str, kind: Kind, row: Cells, setting: Setting
) -> tuple[Source, tuple[Span, ...]] | None:
    """Read a row; None where it says nothing of any day."""
    match kind.calendar:
        case Prices() as prices:
            return _price(address, kind, prices, row), spans_of(row.get(prices.days))
        case Taken() as taken:
            state = next((state for state, when in taken.states if fits(row, when)), None)
            since, until = row.get(taken.since), row.get(taken.until)
            days = stay(since, until, setting.zone, whole_days=setting.whole_days)
            return (Source(address, state, place=(0, address)), days) if state else None
    return None


def _price(address: str, kind: Kind, prices: Prices, row: Cells) -> Source:
    order = row.get(prices.order) if prices.order else None
    default = kind.columns[prices.order].schema.get("default") if prices.order else None
    known = order if isinstance(order, int) else default
    return Source(
        address,
        "price",
        labelled(prices.label, row),
        order if isinstance(order, int) else None,
        tuple(_rates(prices, row.get(prices.rates))),
        tuple((name, text(row[name])) for name in prices.rules if name in row),
        (known if isinstance(known, int) else 0, address),
    )


def _rates(prices: Prices, value: JSON) -> Iterator[Rate]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict) and prices.amount in one:
            by = tuple((name, text(one[name])) for name in prices.by if name in one)
            yield Rate(text(one[prices.amount]), by)
