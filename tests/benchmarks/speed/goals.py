"""The goals of the work on the speed, one a line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Found

MANY = 99_999
SOME = 9_999
GROWTH = 1.03


@dataclass(frozen=True, slots=True)
class Goal:
    """``row`` with ``size`` resources takes at most ``most`` times the CPU of ``of``.

    Without ``of``, ``most`` is in megabytes at the peak. ``row_of`` and ``size_of`` are those of
    ``of``, where they are others. ``by`` is ``wall`` where the clock counts.
    """

    row: str
    size: int
    of: str
    most: float
    row_of: str = ""
    size_of: int | None = None
    by: str = "cpu"

    @property
    def than(self) -> tuple[str, int, str]:
        """What it is compared with."""
        size = self.size if self.size_of is None else self.size_of
        return (self.row_of or self.row, size, self.of)


GOALS = (
    Goal("version", 0, "import click", 1.15),
    Goal("validate", 9, "old", 0.40),
    Goal("plan", 9, "old", 0.85),
    Goal("plan", 9, "import libraries", 1.25, "version", 0),
    Goal("validate", MANY, "old", 0.45),
    Goal("validate", MANY, "loader", 0.27),
    Goal("validate", MANY, "", 200),
    Goal("plan", MANY, "old", 0.33),
    Goal("plan", MANY, "floor", 4),
    Goal("plan", MANY, "", 300),
    Goal("plan-create", MANY, "old", 0.40),
    Goal("plan-create", MANY, "", 420),
    Goal("create", MANY, "old", 0.40),
    Goal("create", MANY, "", 420),
    Goal("plan-export", MANY, "old", 0.35),
    Goal("plan-export", MANY, "", 420),
    Goal("export", MANY, "old", 0.60),
    Goal("fmt", MANY, "old", 0.30),
    Goal("fmt", MANY, "", 250),
    Goal("delete", MANY, "old", 0.45),
    Goal("changes", 10_000, "httpx loop", 1 / 0.75, by="wall"),
    Goal("million", 1_000_000, "here", 1.10, size_of=10_000),
    Goal("million", 1_000_000, "here", 1.10, size_of=10_000, by="wall"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A goal with what was measured."""

    what: str
    measured: str
    goal: str
    reached: bool


def judge(found: Found, growth: Callable[[Found, str, str], float | None]) -> Iterator[Judged]:
    """Compare what was measured with the goals; what was not measured is left out."""
    for goal in GOALS:
        taken = found.get((goal.row, goal.size, "here"))
        if taken is not None:
            one = _judge(goal, taken, found)
            if one is not None:
                yield one
    for row in dict.fromkeys(row for row, size, _ in found if size == MANY):
        exponent = growth(found, row, "here")
        if exponent is not None:
            reached = exponent <= GROWTH
            yield Judged(f"{row}, growth", f"{exponent:.3f}", f"<= {GROWTH}", reached)


def _judge(goal: Goal, taken: Taken, found: Found) -> Judged | None:
    what = f"{goal.row}, {goal.size:,}" if goal.size else f"--{goal.row}"
    if not goal.of:
        reached = taken.peak <= goal.most
        return Judged(what, f"{taken.peak:.0f} MB", f"<= {goal.most:.0f} MB", reached)
    than = found.get(goal.than)
    if than is None:
        return None
    clock = goal.by == "wall"
    ratio = taken.wall / than.wall if clock else taken.cpu / than.cpu
    of = f"{goal.of}, {goal.size_of:,}" if goal.size_of else goal.of
    words = f"<= {goal.most:.2f} x {of}{', by the clock' if clock else ''}"
    return Judged(what, f"{ratio:.2f} x", words, ratio <= goal.most)
