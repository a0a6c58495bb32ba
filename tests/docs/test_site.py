"""The site: MkDocs builds it without a warning, and shows of each page what GitHub shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.sandbox_server import ROOT

from .links import pages
from .site import BESIDE

PARTS = ("h1", "h2", "h3", "table", "tr", "pre", "li", "img")
OUTSIDE = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="(https?:[^"]*)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_it_shows_what_github_shows(site: Path) -> None:
    for page in pages():
        name = Path(BESIDE.get(page.name, page.name)).with_suffix(".html")
        shown = (site / name).read_text("utf-8")
        article = shown[shown.index("<article") : shown.index("</article>")]
        expected = MarkdownIt("commonmark").enable("table").render(page.read_text("utf-8"))
        assert (page.name, _parts(article)) == (page.name, _parts(expected))
        assert "\\|" not in article, f"{page.name}: a bar in code cannot stand in a table"


def test_it_fetches_nothing_from_elsewhere(site: Path) -> None:
    found = {
        one for page in site.glob("*.html") for one in OUTSIDE.findall(page.read_text("utf-8"))
    }
    assert found == set()


def _parts(page: str) -> dict[str, int]:
    return {part: len(re.findall(rf"<{part}[ >]", page)) for part in PARTS}
