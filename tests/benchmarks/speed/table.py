"""The table of what was measured, for a terminal and for a page."""

from collections.abc import Iterator
from math import log

from tests.benchmarks.speed.cases import CASES
from tests.benchmarks.speed.goals import MANY, SOME, judge
from tests.benchmarks.speed.results import Found

HEAD = (
    "what is done", "resources", "CPU s", "old commit", "ratio", "floor", "ratio", "MB",
    "old MB", "requests", "old requests", "growth",
)  # fmt: skip


def growth(found: Found, row: str, who: str) -> float | None:
    """Give the power of the number of resources with which the CPU time grows."""
    some, many = found.get((row, SOME, who)), found.get((row, MANY, who))
    return None if some is None or many is None else log(many.cpu / some.cpu) / log(MANY / SOME)


def cells(found: Found) -> Iterator[tuple[str, ...]]:
    """Give the cells of each line."""
    for row, size in dict.fromkeys((row, size) for row, size, _ in found if row in CASES):
        here, old = found.get((row, size, "here")), found.get((row, size, "old"))
        floor = found.get((row, size, "floor"))
        if here is None:
            continue
        exponent = growth(found, row, "here") if size == MANY else None
        yield (
            CASES[row].what,
            f"{size:,}",
            f"{here.cpu:.2f}",
            f"{old.cpu:.2f}" if old else "",
            f"{here.cpu / old.cpu:.2f}" if old else "",
            f"{floor.cpu:.2f}" if floor else "",
            f"{here.cpu / floor.cpu:.1f}" if floor else "",
            f"{here.peak:.0f}",
            f"{old.peak:.0f}" if old else "",
            str(here.requests),
            str(old.requests) if old else "",
            f"{exponent:.3f}" if exponent is not None else "",
        )


def lines(found: Found) -> Iterator[str]:
    """Write the table for a terminal."""
    rows = [HEAD, *cells(found)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    for row in rows:
        yield row[0].ljust(widths[0]) + "".join(
            "  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)
        )


def judged(found: Found) -> Iterator[str]:
    """Write what the goals say."""
    for one in judge(found, growth):
        mark = "ok" if one.reached else "no"
        yield f"{mark}  {one.what:32}{one.measured:>10}   {one.goal}"
