"""Links between the pages: what each one points to, and which point to nothing."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.sandbox_server import ROOT

OUTSIDE = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page."""

    page: Path
    target: str

    @property
    def fault(self) -> str | None:
        """Say what is wrong with it; an address outside of the project is not tried."""
        if self.target.startswith(OUTSIDE):
            return None
        path, _, anchor = self.target.partition("#")
        file = (self.page.parent / unquote(path)).resolve() if path else self.page
        if not file.is_relative_to(ROOT):
            return f"{self}: leads out of the project"
        if not file.is_file():
            return f"{self}: there is no such file"
        if anchor and anchor not in anchors(file):
            return f"{self}: there is no such heading; there are {', '.join(anchors(file))}"
        return None

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: [...]({self.target})"


def pages() -> list[Path]:
    """List every page that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def links(page: Path) -> Iterator[Link]:
    """Find the links and the pictures of a page."""
    for token in _tokens(page):
        for part in token.children or ():
            target = part.attrGet("href") or part.attrGet("src")
            if target:
                yield Link(page, str(target))


@cache
def anchors(page: Path) -> Sequence[str]:
    """Name the headings of a page as GitHub does: in small letters, without signs."""
    tokens = _tokens(page)
    titles = (
        "".join(part.content for part in after.children or ())
        for token, after in itertools.pairwise(tokens)
        if token.type == "heading_open"
    )
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


@cache
def _tokens(page: Path) -> Sequence[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))
