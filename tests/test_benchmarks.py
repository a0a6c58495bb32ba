"""The benchmark measures what it says: its YAML is good YAML, and its goals tell yes from no."""

from pathlib import Path

import pytest

from reconciler.configuration.read import read_configuration
from reconciler.format import formatted
from tests.benchmarks.speed import data
from tests.benchmarks.speed.goals import judge
from tests.benchmarks.speed.plot import plot
from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Row, found, read, save
from tests.benchmarks.speed.table import cells, growth
from tests.builders import KINDS


def test_its_yaml_is_valid_formatted_and_the_same_each_time(tmp_path: Path) -> None:
    folder = data.write(tmp_path / "one", 99)
    again = data.write(tmp_path / "again", 99)
    got = read_configuration([folder], KINDS, variables={}, environment={})
    assert len(got.configuration.resources) == 99
    for path in sorted(folder.iterdir()):
        text = path.read_text("utf-8")
        assert formatted(text, str(path), KINDS) == text
        assert (again / path.name).read_text("utf-8") == text


def row(name: str, size: int, who: str, cpu: float, peak: float = 100) -> Row:
    return Row(name, size, who, Taken(cpu, cpu, peak, 7))


GOALS: dict[str, tuple[list[Row], list[tuple[str, str, bool]]]] = {
    "a ratio to the old commit": (
        [row("validate", 9, "here", 0.3), row("validate", 9, "old", 1.0)],
        [("validate, 9", "0.30 x", True)],
    ),
    "a ratio that is too large": (
        [row("validate", 9, "here", 0.5), row("validate", 9, "old", 1.0)],
        [("validate, 9", "0.50 x", False)],
    ),
    "memory": (
        [row("fmt", 99_999, "here", 1, 251)],
        [("fmt, 99,999", "251 MB", False)],
    ),
    "growth": (
        [row("export", 9_999, "here", 1), row("export", 99_999, "here", 11)],
        [("export, growth", "1.041", False)],
    ),
    "rows of others": (
        [row("million", 10_000, "here", 1), row("million", 1_000_000, "here", 1.05)],
        [("million, 1,000,000", "1.05 x", True)] * 2,
    ),
    "what was not measured": ([row("plan", 9, "old", 1)], []),
}


@pytest.mark.parametrize("name", GOALS)
def test_a_goal_is_judged(name: str) -> None:
    rows, expected = GOALS[name]
    told = [(one.what, one.measured, one.reached) for one in judge(found(rows), growth)]
    assert told == expected


def test_results_are_kept_and_shown(tmp_path: Path) -> None:
    rows = [row("plan", size, who, 2) for size in (9, 9_999) for who in ("here", "old")]
    save(rows[:2], tmp_path)
    path = save(rows[2:], tmp_path)
    assert read(path) == rows
    assert [line[:5] for line in cells(found(rows))] == [
        ("plan, nothing to do", "9", "2.00", "2.00", "1.00"),
        ("plan, nothing to do", "9,999", "2.00", "2.00", "1.00"),
    ]
    picture = plot(found(rows))
    assert picture.count("<polyline") == 2
    assert "old commit" in picture
