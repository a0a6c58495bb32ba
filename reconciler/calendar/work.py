"""From rows to the calendars of their units."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..catalogue.calendar import Limit, Prices, Season, Taken, Unit
from .days import text_of_day
from .rows import Cells, Entry, fits, labelled, text
from .shape import (
    CalendarDocument,
    PeriodDocument,
    RateDocument,
    SourceDocument,
    UnitDocument,
    YearlyDocument,
)
from .sources import Rate, Setting, Source, source_of, unit_of
from .sweep import Held, Period, Side, periods
from .yearly import yearly_of

MOST_UNITS = 500
MOST_PERIODS = 2_000
"""Of one unit: the first that changed, in a plan."""


def calendar_of(entries: Sequence[Entry], *, compared: bool) -> CalendarDocument | None:
    """Work out the calendars; None where no row says anything of a day.

    ``compared`` gives those alone in which a day changes; else before and after are the same.
    """
    units = _Units.of(entries)
    documents = [_unit_document(unit, found) for unit, found in units.periods(compared=compared)]
    yearly = [one for one in _yearly(entries) if not compared or one["before"] != one["after"]]
    if not documents and not yearly:
        return None
    return {
        "compared": compared,
        "units": documents[:MOST_UNITS],
        "yearly": yearly,
        "undocumented": list(_undocumented(entries, documents, yearly)),
        "left_out": max(0, len(documents) - MOST_UNITS),
    }


@dataclass(slots=True)
class _Unit:
    """What is known of a unit, and what holds its days."""

    address: str
    label: str = ""
    currency: str = ""
    settings: dict[Side, Setting] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)


@dataclass(slots=True)
class _Units:
    """All units by address, in the order in which they are met."""

    known: dict[str, _Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "_Units":
        units = cls()
        for entry in entries:
            if isinstance(entry.kind.calendar, Unit):
                units._know(entry, entry.kind.calendar)
        for entry in entries:
            for side, row in _sides(entry):
                units._hold(entry, side, row)
        return units

    def periods(self, *, compared: bool) -> Iterator[tuple[_Unit, list[Period]]]:
        for unit in self.known.values():
            found = periods(unit.held) if unit.held else []
            if found and (not compared or any(period.changed for period in found)):
                yield unit, found

    def _at(self, address: str) -> _Unit:
        return self.known.setdefault(address, _Unit(address))

    def _know(self, entry: Entry, part: Unit) -> None:
        unit = self._at(entry.address)
        for side, row in _sides(entry):
            zone = row.get(part.zone) if part.zone else None
            whole_days = bool(part.whole_days) and fits(row, part.whole_days)
            unit.settings[side] = Setting(zone if isinstance(zone, str) else None, whole_days)
            unit.label = labelled(part.label, row)
            unit.currency = text(row.get(part.currency or "") or "")

    def _hold(self, entry: Entry, side: Side, row: Cells) -> None:
        part = entry.kind.calendar
        if isinstance(part, Limit):
            self._limit(part, row)
        address = unit_of(part, row)
        if address is None:
            return
        unit = self._at(address)
        setting = unit.settings.get(side) or next(iter(unit.settings.values()), Setting())
        source = source_of(entry.address, entry.kind, row, setting)
        if source:
            unit.held += [(source[0], span, side) for span in source[1]]

    def _limit(self, part: Limit, row: Cells) -> None:
        unit, of = row.get(part.unit), row.get(part.of)
        if isinstance(unit, str) and isinstance(of, str):
            ends = [text(row[name]) for name in (part.least, part.most) if name in row]
            told = " to ".join(ends) if len(ends) > 1 else f"at most {ends[0]}" if ends else ""
            self._at(unit).limits[of.partition(".")[2] or of] = told


def _sides(entry: Entry) -> Iterator[tuple[Side, Cells]]:
    if entry.before is not None:
        yield "before", entry.before
    if entry.after is not None:
        yield "after", entry.after


def _unit_document(unit: _Unit, found: list[Period]) -> UnitDocument:
    first = next((n for n, period in enumerate(found) if period.changed), 0)
    start = first if len(found) > MOST_PERIODS else 0
    shown = found[start : start + MOST_PERIODS]
    numbers: dict[Source, int] = {}
    listed: list[PeriodDocument] = [
        {
            "start": text_of_day(period.start),
            "end": text_of_day(period.end),
            "before": [numbers.setdefault(one, len(numbers)) for one in period.before],
            "after": [numbers.setdefault(one, len(numbers)) for one in period.after],
            "changed": period.changed,
        }
        for period in shown
    ]
    document: UnitDocument = {
        "unit": unit.address,
        "label": unit.label,
        "currency": unit.currency,
        "limits": unit.limits,
        "sources": [_source_document(source) for source in numbers],
        "periods": listed,
    }
    if len(shown) < len(found):
        document["left_out"] = len(found) - len(shown)
    return document


def _source_document(source: Source) -> SourceDocument:
    document: SourceDocument = {
        "address": source.address,
        "label": source.label,
        "state": source.state,
        "rates": [_rate_document(rate) for rate in source.rates],
        "rules": dict(source.rules),
    }
    if source.order is not None:
        document["order"] = str(source.order)
    return document


def _rate_document(rate: Rate) -> RateDocument:
    return {"amount": rate.amount, "by": dict(rate.by)}


def _yearly(entries: Iterable[Entry]) -> Iterator[YearlyDocument]:
    for entry in entries:
        season = entry.kind.calendar
        if not isinstance(season, Season):
            continue
        before, after = (yearly_of(season, row) for row in (entry.before, entry.after))
        if before or after:
            yield {
                "address": entry.address,
                "label": labelled(season.label, entry.after or entry.before or {}),
                "before": [list(one) for one in before],
                "after": [list(one) for one in after],
            }


def _undocumented(
    entries: Iterable[Entry], units: Sequence[UnitDocument], yearly: Sequence[YearlyDocument]
) -> Iterator[str]:
    """Say what nobody knows of what is shown, each once."""
    shown = {source["address"] for unit in units for source in unit["sources"]}
    shown |= {one["address"] for one in yearly}
    kinds = {entry.kind.name: entry.kind for entry in entries if entry.address in shown}
    for name, kind in kinds.items():
        if isinstance(kind.calendar, Prices | Taken | Season):
            yield from (f"{name}: {said}" for said in kind.calendar.undocumented)
