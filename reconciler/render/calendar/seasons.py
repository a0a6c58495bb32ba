"""Parts of every year as calendars of their own, for the months that are shown."""

from collections.abc import Iterator
from typing import Literal

from ...calendar.days import Span, text_of_day
from ...calendar.shape import CalendarDocument, UnitDocument, YearlyDocument
from ...calendar.sources import Source
from ...calendar.sweep import Held, periods
from .window import Window, yearly_days


def season_units(document: CalendarDocument, window: Window) -> Iterator[UnitDocument]:
    """Give each part of every year as a unit whose days are in it, or not."""
    return (_unit(one, window) for one in document["yearly"])


def _unit(season: YearlyDocument, window: Window) -> UnitDocument:
    held = [*_held(season, "before", window), *_held(season, "after", window)]
    return {
        "unit": season["address"],
        "label": season["label"],
        "currency": "",
        "limits": {},
        "sources": [
            {
                "address": season["address"],
                "label": season["label"],
                "state": "season",
                "rates": [],
                "rules": {},
            }
        ],
        "periods": [
            {
                "start": text_of_day(one.start),
                "end": text_of_day(one.end),
                "before": [0] * bool(one.before),
                "after": [0] * bool(one.after),
                "changed": bool(one.before) != bool(one.after),
            }
            for one in periods(held)
        ],
    }


def _held(
    season: YearlyDocument, side: Literal["before", "after"], window: Window
) -> Iterator[Held]:
    for start, end in yearly_days(season[side], window):
        yield Source(season["address"], "season"), Span(start, end), side
