"""Calendars of prices as a page, or as a part of the page of a plan."""

from collections.abc import Iterator
from html import escape
from typing import TypeAlias

from ...calendar.shape import CalendarDocument, UnitDocument
from ...diagnostics.words import count
from ...values.column import JSON
from ..calendar.draw import LANE, boxes, height_of, patterns, rectangle, season_boxes
from ..calendar.marks import scale_of
from ..calendar.periods import (
    changed,
    changed_days,
    title_of,
    told_periods,
    unseen,
    yearly_text,
)
from ..calendar.seasons import season_units
from ..calendar.svg import key_of
from ..calendar.window import MONTHS, Window, bounds, pieces_in, seasons_at, window_of
from ..calendar.words import deciders, in_full, in_short, sources_at
from ..visible import visible
from .page import Frame, embedded, page
from .pieces import alert, table

SCRIPTS = ("calendar.js",)
STYLES = ("calendar.css",)
KEYS = {"←  →": "day", "PgUp PgDn": "month", "Tab": "next unit"}
MOST_UNITS = 200
_Said: TypeAlias = tuple[str, str]
"""What is told of a day: in short for who walks through days, and all of it."""

NOTHING: _Said = ("nothing said", "nothing said: no resource of the YAML holds this day")
_UNSEEN = "Rows that are in no YAML, such as bookings of guests, are not there."
_HINT = "Point at a day, or walk there with the arrow keys, to see which resource decides it."


def calendar_html(document: CalendarDocument, window: Window, title: str) -> str:
    """Write the calendars of a folder as one page."""
    units = count(len(document["units"]), "unit")
    frame = Frame(
        f"Prices of {visible(title)}",
        about=(f"{window.title} · {units}",),
        left_out=tuple(map(escape, _left_out(document))),
        keys=KEYS,
        layout="calendar-page",
    )
    body = calendar_section(document, window)
    data = calendar_data(document, window)
    return page(frame, body, scripts=(*SCRIPTS, "calendar_alone.js"), styles=STYLES, data=data)


def calendar_panel(document: CalendarDocument) -> str:
    """Draw the calendars as a tab of the page of a plan."""
    section = calendar_section(document, window_of(document))
    return (
        '<section id="calendar" role="tabpanel" aria-labelledby="tab-calendar" tabindex="0">'
        f"{section}</section>\n"
    )


def calendar_section(document: CalendarDocument, window: Window) -> str:
    """Draw the calendars, each with a table that says the same."""
    return "\n".join(_parts(document, window))


def calendar_data(document: CalendarDocument, window: Window) -> str:
    """Embed what is told of each day."""
    texts: dict[_Said, int] = {NOTHING: 0}
    units: list[JSON] = [_unit_data(unit, window, texts) for unit in _units(document, window)]
    seasons: list[JSON] = [
        [name, start, end] for name, start, end in seasons_at(document["yearly"], window)
    ]
    months: list[JSON] = [[month.start, month.days] for month in window.months]
    data: dict[str, JSON] = {
        "compared": document["compared"],
        "months": months,
        "yearly": seasons,
        "texts": [[*said] for said in texts],
        "units": units,
    }
    return embedded("calendar-data", data)


def _parts(document: CalendarDocument, window: Window) -> Iterator[str]:
    compared = document["compared"]
    lanes = " Above is what was before, below what will be." if compared else ""
    yield '<p class="muted hint">The stronger a colour, the higher the price within a unit.'
    yield lanes
    yield f'{_UNSEEN} <span class="needs-script">{_HINT}</span></p>'
    yield from _notes(document)
    size = 'class="patterns" width="0" height="0" aria-hidden="true"'
    yield f"<svg {size}>{patterns()}</svg>"
    for number, unit in enumerate(_units(document, window)):
        yield from _unit(unit, number, document, window)
    yield '<div id="told" class="told" hidden></div>'


def _units(document: CalendarDocument, window: Window) -> list[UnitDocument]:
    """Give what is drawn; parts of every year have strips of their own where they change."""
    seasons = season_units(document, window) if document["compared"] else ()
    return [*document["units"], *seasons][:MOST_UNITS]


def _notes(document: CalendarDocument) -> Iterator[str]:
    undocumented = document["undocumented"]
    if undocumented:
        items = [escape(one) for one in undocumented]
        yield alert("note", "Not documented by the API", items, folded=True)
    if document["yearly"]:
        heads = ("Part of every year (thin line)", *(("Before",) if document["compared"] else ()))
        rows = [
            (
                title_of(one),
                *((yearly_text(one["before"]),) if document["compared"] else ()),
                yearly_text(one["after"]),
            )
            for one in document["yearly"]
        ]
        last = "After" if document["compared"] else "Days, the last included"
        yield f'<div class="yearly">{table((*heads, last), rows, "Parts of every year")}</div>'


def _unit(
    unit: UnitDocument, number: int, document: CalendarDocument, window: Window
) -> Iterator[str]:
    compared = document["compared"]
    told = compared and unit["unit"] not in {one["address"] for one in document["yearly"]}
    facts = [f"{name} {limit}" for name, limit in unit["limits"].items()]
    facts = [unit["currency"], *facts, *([f"{changed_days(unit)} to change"] if told else [])]
    name = escape(unit["label"] or unit["unit"])
    code = f" <code>{escape(unit['unit'])}</code>" if unit["label"] else ""
    yield f'<section class="unit" aria-labelledby="unit-{number}">'
    yield f'<h2 id="unit-{number}">{name}{code}</h2>'
    yield f'<p class="muted">{escape(" · ".join(filter(None, facts)))}</p>'
    label = f"Days of {unit['label'] or unit['unit']}; the table below says the same"
    sort = "strip few" if len(window.months) < MONTHS else "strip"
    yield f'<div class="{sort}" data-unit="{number}" role="img" aria-label="{escape(label)}">'
    yield from _months(unit, document, window)
    yield "</div>"
    yield from _key(unit, window)
    yield _table(unit, window, compared=compared)
    yield "</section>"


def _months(unit: UnitDocument, document: CalendarDocument, window: Window) -> Iterator[str]:
    compared = document["compared"]
    scale = scale_of(unit, pieces_in(unit, window))
    parts = [(title_of(one), one["after"]) for one in document["yearly"]]
    height = height_of(compared=compared)
    lanes = (0, height - LANE - 5) if compared else (0,)
    grounds = "".join(
        f'<rect class="ground" x="0" y="{y}" width="100%" height="{LANE}"/>' for y in lanes
    )
    for number, month in enumerate(window.months):
        year = f" {month.first:%Y}" if number == 0 or month.first.month == 1 else ""
        drawn = [*boxes(unit, month, scale, compared=compared)]
        drawn += season_boxes(parts, month, height - 4)
        inside = "".join(rectangle(box, month, 0, 100, "%") for box in drawn)
        yield (
            f'<div class="month" data-month="{number}"><span>{month.first:%b}{year}</span>'
            f'<svg height="{height}" aria-hidden="true">{grounds}{inside}</svg></div>'
        )


def _key(unit: UnitDocument, window: Window) -> Iterator[str]:
    scale = scale_of(unit, pieces_in(unit, window))
    yield '<ul class="key">'
    for sort, fill, word in key_of(unit, window, scale):
        box = f'<rect class="{sort}"{fill} width="14" height="12"/>'
        yield (
            '<li><svg width="14" height="12" aria-hidden="true">'
            f'<rect class="ground" width="14" height="12"/>{box}</svg>{escape(word)}</li>'
        )
    yield "</ul>"


def _table(unit: UnitDocument, window: Window, *, compared: bool) -> str:
    told = told_periods(unit, changed(unit) if compared else pieces_in(unit, window))
    title = f"{'Changed periods' if compared else 'Periods'} of {unit['label'] or unit['unit']}"
    if compared:
        heads: tuple[str, ...] = ("From", "To, included", "Days", "Before", "After", "Decided by")
        rows = [(one.first, one.last, one.days, one.before, one.after, one.by) for one in told]
        shown = table(heads, rows, title)
    else:
        heads = ("From", "To, included", "Days", "Price", "Decided by")
        shown = table(
            heads, [(one.first, one.last, one.days, one.after, one.by) for one in told], title
        )
    opened = " open" if compared else ""
    summary = f"{escape(title)} ({len(told):,})"
    return f'<details class="fold"{opened}><summary>{summary}</summary>{shown}</details>'


def _unit_data(unit: UnitDocument, window: Window, texts: dict[_Said, int]) -> JSON:
    shown = list(pieces_in(unit, window))
    periods: list[JSON] = [
        [
            int(max(start, window.start)),
            int(min(end, window.end)),
            _text(unit, period["before"], texts),
            _text(unit, period["after"], texts),
            period["changed"],
        ]
        for period in shown
        for start, end in [bounds(period)]
    ]
    first = next((one for one in periods if isinstance(one, list) and one[4]), None)
    data: dict[str, JSON] = {
        "address": unit["unit"],
        "name": unit["label"] or unit["unit"],
        "first": first[0] if isinstance(first, list) else window.start,
        "periods": periods,
    }
    return data


def _text(unit: UnitDocument, numbers: list[int], texts: dict[_Said, int]) -> int:
    sources = sources_at(unit, numbers)
    if not sources:
        return 0
    short = f"{in_short(sources, unit['currency'])}, by {deciders(sources)}"
    return texts.setdefault((short, "\n".join(in_full(sources, unit["currency"]))), len(texts))


def _left_out(document: CalendarDocument) -> list[str]:
    more = len(document["units"]) - MOST_UNITS
    return [*([f"{more:,} more units"] if more > 0 else []), *unseen(document)]
