"""docs/figures.md: `make bench` finds its table there, and puts in what it found."""

import re

from tests.benchmarks.figures import PAGE, TABLE, Figure, with_figures

LINE = re.compile(r"^\| (.*) \| (.*) \|$", re.MULTILINE)


def test_figures_take_the_place_of_those_before() -> None:
    page = PAGE.read_text("utf-8")
    once = with_figures(page, [Figure("create 10 rows", "0.1 s")])
    assert TABLE.findall(once)[0].endswith("|---|---|\n| create 10 rows | 0.1 s |\n")
    assert TABLE.sub("", once) == TABLE.sub("", page)


def test_figures_of_today_are_as_bench_writes_them() -> None:
    page = PAGE.read_text("utf-8")
    _, *lines = LINE.findall(TABLE.findall(page)[0])
    assert len(lines) > 1
    assert with_figures(page, [Figure(*line) for line in lines]) == page
