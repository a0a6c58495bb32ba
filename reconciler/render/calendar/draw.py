"""The days of a month as rectangles: one lane, or what was before above what will be."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from ...calendar.shape import UnitDocument
from .marks import Scale, look_of
from .window import Month, Window, pieces, yearly_days
from .words import in_short, sources_at

LANE = 16
MARK = 4
SEASON = 4


class Box(NamedTuple):
    """Some days of a month: from ``start`` until before ``end``, from 0; ``sort`` is its class."""

    start: int
    end: int
    y: int
    height: int
    sort: str
    title: str = ""


def patterns() -> str:
    """Write the patterns with which days are hatched, which a page has once."""
    lines = {
        "booked": '<path d="M-1 7 7 -1M3 11 11 3"/>',
        "blocked": '<path d="M0 0 8 8M8 0 0 8"/>',
        "pending": '<path d="M2 0V8M6 0V8"/>',
        "season": '<path d="M0 4H8"/>',
        "several": '<circle cx="2" cy="2" r="1.2"/><circle cx="6" cy="6" r="1.2"/>',
    }
    made = "".join(
        f'<pattern id="hatch-{name}" class="hatch" width="8" height="8" '
        f'patternUnits="userSpaceOnUse">{path}</pattern>'
        for name, path in lines.items()
    )
    return f"<defs>{made}</defs>"


def height_of(*, compared: bool) -> int:
    """Give the height of a month."""
    return LANE + SEASON + 1 + (LANE + MARK + 2 if compared else 0)


def boxes(unit: UnitDocument, month: Month, scale: Scale, *, compared: bool) -> Iterator[Box]:
    """Draw the periods of a unit in a month."""
    after_y = LANE + MARK + 2 if compared else 0
    for piece in pieces(unit, month):
        span = (piece.start, piece.end)
        if compared:
            yield from _lane(unit, span, piece.period["before"], scale, 0)
        yield from _lane(unit, span, piece.period["after"], scale, after_y)
        if compared and piece.period["changed"]:
            yield Box(*span, LANE + 1, MARK, "changed", "changed")


def season_boxes(parts: list[tuple[str, list[list[str]]]], month: Month, y: int) -> Iterator[Box]:
    """Draw the parts of every year in a month, as a thin line."""
    for name, days in parts:
        for start, end in yearly_days(days, Window((month,))):
            yield Box(start - month.start, end - month.start, y, SEASON, "season", name)


def _lane(
    unit: UnitDocument, span: tuple[int, int], numbers: list[int], scale: Scale, y: int
) -> Iterator[Box]:
    sources = sources_at(unit, numbers)
    if not sources:
        return
    look = look_of(sources, unit["currency"])
    title = in_short(sources, unit["currency"])
    tone = "" if look.several or not look.price else f" tone{scale.tones[look.price]}"
    yield Box(*span, y, LANE, f"day{tone}", title)
    for hatch in filter(None, ["several" if look.several else "", look.taken]):
        yield Box(*span, y, LANE, f"over {hatch}", title)


def rectangle(box: Box, month: Month, x: float, width: float, unit: str) -> str:
    """Write a box whose month is ``width`` wide; ``unit`` is ``%`` or nothing."""
    left = x + box.start * width / month.days
    wide = (box.end - box.start) * width / month.days
    hatch = box.sort.removeprefix("over ")
    fill = f' fill="url(#hatch-{hatch})"' if hatch != box.sort else ""
    return (
        f'<rect class="{box.sort}"{fill} x="{left:.3f}{unit}" y="{box.y}" '
        f'width="{wide:.3f}{unit}" height="{box.height}"><title>{escape(box.title)}</title></rect>'
    )
