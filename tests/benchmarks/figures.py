"""What the benchmarks found, as the table of docs/figures.md."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.sandbox_server import ROOT

PAGE = ROOT / "docs" / "figures.md"
TABLE = re.compile(r"(?<=<!-- speed -->\n).*(?=<!-- end of speed -->)", re.DOTALL)
HEAD = "| what is done | measured |\n|---|---|\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table."""

    what: str
    found: str

    def __str__(self) -> str:
        return f"| {self.what} | {self.found} |\n"


def with_figures(page: str, figures: Iterable[Figure]) -> str:
    """Put the figures into the page, in place of those that are there."""
    table = HEAD + "".join(map(str, figures))
    return TABLE.sub(lambda _: table, page)
