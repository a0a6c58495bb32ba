"""Calendars as one drawing, for documents."""

from collections.abc import Iterator
from html import escape

from ...calendar.shape import CalendarDocument, UnitDocument
from .draw import LANE, boxes, height_of, patterns, rectangle, season_boxes
from .marks import SEVERAL, Scale, look_of, scale_of
from .periods import title_of, unseen
from .seasons import season_units
from .window import Window, pieces_in
from .words import sources_at

WIDTH, LEFT, MONTH, GAP = 1_240, 12, 90, 3
_ABOVE, _KEY, _LINE = 40, 34, 20
STYLE = """
  svg { background: #fff; color: #1f2328; font: 12px system-ui, "Liberation Sans", sans-serif; }
  text { fill: currentColor; } .name { font-weight: 600; font-size: 13px; }
  .muted { fill: #59636e; }
  .ground { fill: #f6f8fa; stroke: #d1d9e0; } .day { fill: #f6f8fa; }
  .tone1 { fill: #dcf2d5; } .tone2 { fill: #bfe5c6; } .tone3 { fill: #9dd5bc; }
  .tone4 { fill: #78c2b5; } .tone5 { fill: #55adb1; } .tone6 { fill: #3d97ad; }
  .hatch { fill: none; stroke: #1f2328; stroke-width: 1.5; }
  .hatch circle { fill: #1f2328; stroke: none; }
  .changed { fill: #bc4c00; } .season { fill: #8250df; }
"""


def calendar_svg(document: CalendarDocument, window: Window) -> str:
    """Draw all calendars, one below the other."""
    parts = [(title_of(one), one["after"]) for one in document["yearly"]]
    rows: list[str] = []
    y = 34
    extra = season_units(document, window) if document["compared"] else ()
    for unit in (*document["units"], *extra):
        scale = scale_of(unit, pieces_in(unit, window))
        rows += _unit(unit, window, scale, parts, y, compared=document["compared"])
        y += _ABOVE + height_of(compared=document["compared"]) + _KEY
    tail = [*_seasons(document), f"Not shown: {', '.join(unseen(document))}."]
    tail += [f"Not documented: {one}." for one in document["undocumented"]]
    for line in tail:
        rows.append(f'<text class="muted" x="{LEFT}" y="{y}">{escape(line)}</text>')
        y += _LINE
    return "\n".join([*_head(window, y), *rows, "</svg>"]) + "\n"


def _head(window: Window, height: int) -> Iterator[str]:
    title = f"Price calendar, {window.title}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="group" aria-label="{title}">'
    )
    yield f"<style>{STYLE}</style>{patterns()}"
    yield f'<text class="name" x="{LEFT}" y="22">{title}</text>'


def _unit(
    unit: UnitDocument,
    window: Window,
    scale: Scale,
    parts: list[tuple[str, list[list[str]]]],
    y: int,
    *,
    compared: bool,
) -> Iterator[str]:
    limits = ", ".join(f"{name} {told}" for name, told in unit["limits"].items())
    facts = ", ".join(filter(None, [unit["currency"], limits, *_lanes(compared=compared)]))
    yield (
        f'<text x="{LEFT}" y="{y + 14}"><tspan class="name">{escape(title_of(unit))}</tspan> '
        f'<tspan class="muted">{escape(facts)}</tspan></text>'
    )
    height = height_of(compared=compared)
    yield f'<g transform="translate(0 {y + _ABOVE - 6})">'
    for number, month in enumerate(window.months):
        x = LEFT + number * (MONTH + GAP)
        name = (
            f"{month.first:%b %Y}" if number == 0 or month.first.month == 1 else f"{month.first:%b}"
        )
        yield f'<text class="muted" x="{x}" y="-4">{name}</text>'
        for lane in (0, height - LANE - 5) if compared else (0,):
            yield f'<rect class="ground" x="{x}" y="{lane}" width="{MONTH}" height="{LANE}"/>'
        drawn = [*boxes(unit, month, scale, compared=compared)]
        drawn += season_boxes(parts, month, height - 4)
        yield from (rectangle(box, month, x, MONTH, "") for box in drawn)
    yield "</g>"
    yield from _key(unit, window, scale, y + _ABOVE + height + 8)


def _lanes(*, compared: bool) -> list[str]:
    return ["above: before, below: after"] if compared else []


def _key(unit: UnitDocument, window: Window, scale: Scale, y: int) -> Iterator[str]:
    """Write what each colour and each hatch means."""
    x = float(LEFT)
    for sort, fill, word in key_of(unit, window, scale):
        box = f'<rect class="{sort}"{fill} x="{x:.0f}" y="{y - 10}" width="14" height="12"/>'
        under = f'<rect class="ground" x="{x:.0f}" y="{y - 10}" width="14" height="12"/>'
        yield f'{under}{box}<text x="{x + 19:.0f}" y="{y}">{escape(word)}</text>'
        x += 34 + 7 * len(word)


def key_of(unit: UnitDocument, window: Window, scale: Scale) -> list[tuple[str, str, str]]:
    """Give class, fill and word of all that is drawn of a unit, prices first."""
    looks = [
        look_of(sources_at(unit, numbers), unit["currency"])
        for period in pieces_in(unit, window)
        for numbers in (period["before"], period["after"])
    ]
    shown = {look.price for look in looks}
    tones = [(f"day tone{scale.tones[p]}", "", p) for p in scale.letters if p in shown]
    hatches = [
        one for one in ("booked", "pending", "blocked", "season") if one in {k.taken for k in looks}
    ]
    found = [*tones, *((f"over {one}", f' fill="url(#hatch-{one})"', one) for one in hatches)]
    if any(look.several for look in looks):
        found.append(("over several", ' fill="url(#hatch-several)"', f"several prices ({SEVERAL})"))
    if any(period["changed"] for period in pieces_in(unit, window)):
        found.append(("changed", "", "changed"))
    return found


def _seasons(document: CalendarDocument) -> Iterator[str]:
    for one in document["yearly"]:
        days = ", ".join(f"{first} to {last}" for first, last in one["after"])
        yield f"Every year (thin line): {title_of(one)}: {days}"
