"""Changed periods as tables for pull requests."""

from collections.abc import Iterator

from ...calendar.shape import CalendarDocument, UnitDocument
from ...diagnostics.words import count
from ..markdown.text import code
from .periods import changed, changed_days, title_of, told_periods, unseen, yearly_text

MOST_ROWS = 40
"""Of all units together: the rest is counted."""
_HEAD = (
    "| from | to, included | days | before | after | decided by |",
    "|---|---|--:|---|---|---|",
)


def calendar_markdown(document: CalendarDocument) -> Iterator[str]:
    """Write which days change, with prices before and after."""
    yield "#### Price calendar"
    room = MOST_ROWS
    for number, unit in enumerate(document["units"]):
        rows = list(_rows(unit))
        yield ""
        if not room:
            yield f"… and {count(len(document['units']) - number, 'more unit', 'more units')}"
            break
        yield f"{code(title_of(unit))}: {changed_days(unit)} to change"
        yield ""
        yield from _HEAD
        yield from rows[:room]
        if len(rows) > room:
            yield ""
            yield f"… and {count(len(rows) - room, 'more period', 'more periods')}"
        room -= min(room, len(rows))
    yield from _yearly(document)
    yield ""
    yield f"Not shown: {', '.join(unseen(document))}."


def _rows(unit: UnitDocument) -> Iterator[str]:
    for one in told_periods(unit, changed(unit)):
        words = " | ".join(code(text) for text in (one.before, one.after, one.by))
        yield f"| {one.first} | {one.last} | {one.days} | {words} |"


def _yearly(document: CalendarDocument) -> Iterator[str]:
    if document["yearly"]:
        yield ""
        yield "| part of every year | before | after |"
        yield "|---|---|---|"
    for one in document["yearly"][:MOST_ROWS]:
        yield (
            f"| {code(title_of(one))} | {yearly_text(one['before'])} "
            f"| {yearly_text(one['after'])} |"
        )
