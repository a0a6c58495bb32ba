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
HEAD_OF_OTHERS = ("also", "of", "CPU s", "clock s", "MB", "requests")


def growth(found: Found, row: str, who: str) -> float | None:
    """Give the power of the number of resources with which the CPU time grows."""
    some, many = found.get((row, SOME, who)), found.get((row, MANY, who))
    return None if some is None or many is None else log(many.cpu / some.cpu) / log(MANY / SOME)


def cells(found: Found) -> Iterator[tuple[str, ...]]:
    """Give the cells of each line."""
    measured = {(row, size) for row, size, _ in found if row in CASES}
    for row, size in sorted(measured, key=lambda one: ([*CASES].index(one[0]), one[1])):
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


NAMES = {
    "version": "`--version`",
    "changes": "10,000 different changes, the writing only",
    "million": "plan of 10,000 contacts of ours",
}


def others(found: Found) -> Iterator[tuple[str, ...]]:
    """Give the cells of what is no command on one configuration."""
    for (row, size, who), taken in found.items():
        if row in NAMES or who == "octodns":
            what = NAMES[row] if row in NAMES else f"{CASES[row].what}, {size:,} records"
            among = f" among {size:,}" if row == "million" else ""
            numbers = (f"{taken.cpu:.2f}", f"{taken.wall:.2f}", f"{taken.peak:.0f}")
            yield (what + among, who, *numbers, str(taken.requests) if taken.requests else "")


def lines(found: Found) -> Iterator[str]:
    """Write the tables for a terminal."""
    for head, some in ((HEAD, cells(found)), (HEAD_OF_OTHERS, others(found))):
        rows = [head, *some]
        widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
        for row in rows if len(rows) > 1 else ():
            yield row[0].ljust(widths[0]) + "".join(
                "  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)
            )


def judged(found: Found) -> Iterator[str]:
    """Write what the goals say."""
    for one in judge(found, growth):
        mark = "ok" if one.reached else "no"
        yield f"{mark}  {one.what:32}{one.measured:>10}   {one.goal}"
