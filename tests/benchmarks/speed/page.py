"""Writes docs/figures.md and its picture from a file of results."""

import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from tests.benchmarks.figures import PAGE
from tests.benchmarks.speed.goals import judge
from tests.benchmarks.speed.plot import plot
from tests.benchmarks.speed.results import Found, found, read
from tests.benchmarks.speed.table import HEAD, HEAD_OF_OTHERS, cells, growth, others

PART = re.compile(r"(?<=<!-- commands -->\n).*(?=<!-- end of commands -->)", re.DOTALL)
PICTURE = PAGE.with_name("speed.svg")


def write_page(results: Path) -> None:
    """Put the tables into the page, in place of those that are there, and draw the picture."""
    document, all_found = orjson.loads(results.read_bytes()), found(read(results))
    part = "\n".join([*_about(document), *_tables(all_found)]) + "\n"
    PAGE.write_text(PART.sub(lambda _: part, PAGE.read_text("utf-8")), "utf-8")
    PICTURE.write_text(plot(all_found), "utf-8")


def _about(document: dict[str, str]) -> Iterator[str]:
    yield (
        f"Measured on {document['date']} at commit {document['commit']}, with Python"
        f" {document['python']} ({document['machine']})."
    )
    yield ""


def _tables(all_found: Found) -> Iterator[str]:
    yield from markdown(HEAD, cells(all_found))
    yield ""
    yield from markdown(HEAD_OF_OTHERS, others(all_found))
    yield ""
    rows = ((j.what, j.measured, j.goal, "yes" if j.reached else "**no**")
            for j in judge(all_found, growth))  # fmt: skip
    yield from markdown(("goal for", "measured", "goal", "reached"), rows)


def markdown(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Write a table."""
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
