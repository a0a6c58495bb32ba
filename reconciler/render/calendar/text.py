"""Calendars on a terminal: a sign for each day, in 80 columns, without colour."""

from collections.abc import Iterator
from itertools import islice
from textwrap import wrap

from ...calendar.shape import CalendarDocument, UnitDocument
from ...diagnostics.words import count
from .marks import NOTHING, SEVERAL, TAKEN, Scale, look_of, scale_of
from .periods import (
    Told,
    changed,
    changed_days,
    title_of,
    told_periods,
    unseen,
    yearly_text,
)
from .seasons import season_units
from .window import Month, Window, pieces, pieces_in
from .words import prices, sources_at

WIDTH = 80
MOST_DRAWN = 4
MOST_UNITS = 20
MOST_LINES = 6
_RULER = "1    5    10   15   20   25   30"
_A_PART = 6
"""So many days are one sign where a month has five."""
_LABEL = 10
_TOGETHER = "\N{NO-BREAK SPACE}"


def calendar_lines(document: CalendarDocument, window: Window, width: int = WIDTH) -> Iterator[str]:
    """Write all calendars, a line for each month."""
    for one in document["yearly"]:
        yield f"Every year: {title_of(one)}: {yearly_text(one['after'])}"
    if document["yearly"]:
        yield ""
    for unit in document["units"]:
        yield from _unit(unit, window, width)
        yield ""
    yield from _not_known(document, width)


def changed_lines(document: CalendarDocument, window: Window, width: int) -> Iterator[str]:
    """Write which days change: a strip of the months for each unit, and its periods."""
    yield f"Price calendar by the YAML, {window.title} (five signs are a month):"
    for unit in document["units"][:MOST_DRAWN]:
        yield from _changed_unit(unit, window, width, _head(unit))
    for unit in document["units"][MOST_DRAWN:MOST_UNITS]:
        yield from _wrapped(_head(unit), width, "  ")
    if len(document["units"]) > MOST_UNITS:
        yield f"  … and {count(len(document['units']) - MOST_UNITS, 'more unit', 'more units')}"
    yearly = zip(document["yearly"], season_units(document, window), strict=True)
    for season, unit in islice(yearly, MOST_DRAWN):
        told = f"{yearly_text(season['before'])} → {yearly_text(season['after'])}"
        head = f"{title_of(season)}, every year: {told}"
        yield from _changed_unit(unit, window, width, head)
    if len(document["yearly"]) > MOST_DRAWN:
        more = len(document["yearly"]) - MOST_DRAWN
        yield f"  … and {count(more, 'more part of every year', 'more parts of every year')}"


def _unit(unit: UnitDocument, window: Window, width: int) -> Iterator[str]:
    limits = ", ".join(f"{name} {told}" for name, told in unit["limits"].items())
    facts = "; ".join(filter(None, [title_of(unit), unit["currency"], limits]))
    yield from _wrapped(facts, width)
    shown = list(pieces_in(unit, window))
    scale = scale_of(unit, shown)
    yield f"{'':{_LABEL}}{_RULER}"
    for month in window.months:
        yield f"{month.first:%Y-%m}   {_signs(unit, month, scale, 'after')}"
    yield from _legend(unit, window, scale, width)


def _legend(unit: UnitDocument, window: Window, scale: Scale, width: int) -> Iterator[str]:
    by: dict[str, dict[str, None]] = {}
    for period in pieces_in(unit, window):
        for source in sources_at(unit, period["after"]):
            found = prices([source], unit["currency"])
            sign = scale.letters[found[0]] if found else TAKEN[source["state"]]
            what = f"{sign} {found[0] if found else source['state']}"
            by.setdefault(what, {}).setdefault(source["address"])
    for what, addresses in sorted(by.items()):
        yield from _wrapped(f"{what}: {', '.join(addresses)}", width, "  ")
    signs = {_sign(unit, scale, period["after"]) for period in pieces_in(unit, window)}
    if SEVERAL in signs:
        yield f"  {SEVERAL} several prices; which one decides is not documented"
    yield f"  {NOTHING} nothing said"


def _changed_unit(unit: UnitDocument, window: Window, width: int, head: str) -> Iterator[str]:
    yield from _wrapped(head, width, "  ")
    told = told_periods(unit, changed(unit))
    scale = scale_of(unit, pieces_in(unit, window))
    strip = _strip(unit, window, scale)
    if _LABEL + len(strip[0]) + 2 <= width and strip[2].strip():
        heads = "".join(f"{month.first:%b}"[0].ljust(5) for month in window.months)
        yield f"    {'':8}{heads}".rstrip()
        yield f"    before  {strip[0]}"
        yield f"    after   {strip[1]}"
        yield f"            {strip[2].rstrip()}"
        key = _wrapped(_key(unit, window, scale), width, "    ")
        yield from (line.replace(_TOGETHER, " ") for line in key)
    for one in told[:MOST_LINES]:
        yield from _wrapped(_line(one), width, "    ")
    if len(told) > MOST_LINES:
        yield f"    … and {count(len(told) - MOST_LINES, 'more period', 'more periods')}"


def _head(unit: UnitDocument) -> str:
    return f"{title_of(unit)}: {changed_days(unit)} to change"


def _line(one: Told) -> str:
    days = f" ({one.days})" if one.days else ""
    return f"{one.first} to {one.last}{days}: {one.before} → {one.after}; {one.by}"


def _key(unit: UnitDocument, window: Window, scale: Scale) -> str:
    shown = {
        _sign(unit, scale, period[side])
        for period in pieces_in(unit, window)
        for side in ("before", "after")
    }
    words = {sign: price for price, sign in scale.letters.items()}
    words |= {sign: state for state, sign in TAKEN.items()}
    words |= {SEVERAL: "several prices"}
    told = [f"{sign} {words[sign]}" for sign in sorted(shown & words.keys())]
    words_together = (one.replace(" ", _TOGETHER) for one in (*told, f"{NOTHING} nothing said"))
    return ", ".join([*words_together, f"^{_TOGETHER}changed"])


def _strip(unit: UnitDocument, window: Window, scale: Scale) -> tuple[str, str, str]:
    """Write five signs for each month, before and after; of one with a change, that change."""
    lines: tuple[list[str], list[str], list[str]] = ([], [], [])
    for month in window.months:
        before, after = (_signs(unit, month, scale, side) for side in ("before", "after"))
        marks = [False] * month.days
        for piece in pieces(unit, month):
            marks[piece.start : piece.end] = [piece.period["changed"]] * (piece.end - piece.start)
        for number in range(5):
            start = number * _A_PART
            end = month.days if number == 4 else start + _A_PART
            some = range(start, end)
            at = next((day for day in some if marks[day]), start + _A_PART // 2 - 1)
            lines[0].append(before[at])
            lines[1].append(after[at])
            lines[2].append("^" if any(marks[start:end]) else " ")
    return "".join(lines[0]), "".join(lines[1]), "".join(lines[2])


def _signs(unit: UnitDocument, month: Month, scale: Scale, side: str) -> str:
    signs = [NOTHING] * month.days
    for piece in pieces(unit, month):
        numbers = piece.period["before"] if side == "before" else piece.period["after"]
        signs[piece.start : piece.end] = _sign(unit, scale, numbers) * (piece.end - piece.start)
    return "".join(signs)


def _sign(unit: UnitDocument, scale: Scale, numbers: list[int]) -> str:
    return scale.sign(look_of(sources_at(unit, numbers), unit["currency"]))


def _not_known(document: CalendarDocument, width: int) -> Iterator[str]:
    yield from _wrapped(f"Not shown: {', '.join(unseen(document))}.", width)
    for one in document["undocumented"]:
        yield from _wrapped(f"Not documented: {one}.", width)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )
