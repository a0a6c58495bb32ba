"""The site: MkDocs builds it without a warning, and shows of each page what GitHub shows.

axe-core finds nothing wrong on it: light or dark, wide or narrow. No rule is left out.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
from markdown_it import MarkdownIt

from tests.chromium import Browser, needs_chromium
from tests.node import package
from tests.sandbox_server import ROOT
from tests.test_accessible import FOUND

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


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing."""


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The address of the site: what its scripts do, they do over HTTP alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize(("theme", "scheme"), [("light", "default"), ("dark", "slate")])
@pytest.mark.parametrize("page", ["index", "commands", "editor", "figures"])
def test_axe_finds_nothing(
    browser: Browser, served: str, page: str, theme: str, scheme: str, width: int
) -> None:
    browser.colours(theme)
    browser.requests.clear()
    for _ in range(2):  # the first time, the site may have kept the theme of the test before
        browser.open(f"{served}{page}.html", width=width)
        browser.run("localStorage.clear()")
    assert browser.run("document.body.dataset.mdColorScheme") == scheme
    axe = (package("axe-core") / "axe.min.js").read_text("utf-8")
    browser.run(f"{axe}; undefined")
    assert cast("list[str]", browser.run(FOUND)) == []
    assert [url for url in browser.requests if not url.startswith((served, "data:"))] == []


def _parts(page: str) -> dict[str, int]:
    return {part: len(re.findall(rf"<{part}[ >]", page)) for part in PARTS}
