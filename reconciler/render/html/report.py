"""What the pages of a rehearsal and of a migration have in common: folds of entries to search."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from .page import Frame, filled, page

KEYS = {"/": "search", "j k": "move", "Esc": "clear"}
MOST_ENTRIES = 5_000
"""So many entries stand in a page, the first of each fold before others; it says so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is told: in which state it is, its name if it has one, and its HTML."""

    state: str
    html: str
    name: str = ""
    tag: str = "li"


@dataclass(frozen=True, slots=True)
class Fold:
    """Entries of one sort under a title, which is a text."""

    title: str
    entries: Sequence[Entry]
    opened: bool = True


def report_page(
    frame: Frame,
    alerts: Iterable[str],
    folds: Sequence[Fold],
    *,
    before: str = "",
    marks: Mapping[str, str] | None = None,
) -> str:
    """Write a report as one page; ``marks`` are classes of states, ``before`` stands on top."""
    counts = Counter(entry.state for fold in folds for entry in fold.entries)
    known: dict[str, int] = {}
    parts = {
        "alerts": "\n".join(alerts),
        "before": before,
        "states": "".join(
            f'<button type="button" aria-pressed="false" data-wanted="{escape(state)}">'
            f'<span class="{(marks or {}).get(state, "")}">{escape(state)}</span> {number:,}'
            "</button>"
            for state, number in counts.items()
        ),
        "sections": "\n".join(_fold(fold, known) for fold in folds),
    }
    body = filled("report.html", parts)
    return page(frame, body, scripts=("report.js",), styles=("report.css",))


def _fold(fold: Fold, known: dict[str, int]) -> str:
    shown = fold.entries[: max(0, MOST_ENTRIES - known.get("shown", 0))]
    known["shown"] = known.get("shown", 0) + len(shown)
    inside = "".join(_entry(entry, known) for entry in shown)
    lost = len(fold.entries) - len(shown)
    more = f"… and {lost:,} more, for which this page has no room" if lost else ""
    if fold.entries and fold.entries[0].tag == "li":
        more = more and f'<li class="entry muted">{more}</li>'
        inside = f"<ul>{inside}{more}</ul>"
    elif more:
        inside += f'<article class="muted">{more}</article>'
    head = f"<summary><h2>{escape(fold.title)}</h2></summary>"
    return f'<details class="fold"{" open" if fold.opened else ""}>{head}{inside}</details>'


def _entry(entry: Entry, known: dict[str, int]) -> str:
    """Write an entry; the first that has a name is found by it in the address."""
    is_first = entry.name and known.setdefault(f"#{entry.name}", 1) == 1
    known[f"#{entry.name}"] = 2
    name = f' id="{escape(entry.name)}"' if is_first else ""
    state = f' class="entry" data-state="{escape(entry.state)}"'
    return f"<{entry.tag}{name}{state}>{entry.html}</{entry.tag}>"
