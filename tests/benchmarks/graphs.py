"""How long a browser takes to show large graphs: ``python -m tests.benchmarks.graphs``."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.render.graph import By
from reconciler.render.html import graph_html
from tests.benchmarks.figures import Figure
from tests.chromium import PROGRAM, Browser, chromium
from tests.test_graph_page import DRAWN, park

HOUSES = 126
TIMES = 3
SHOWN = "performance.getEntriesByName('graph-drawn')[0].startTime"
FOCUSED = """(() => {
  const began = performance.now();
  document.querySelector('[data-id="all products"]').focus();
  document.querySelector('#graph-told [data-fold]').click();
  document.querySelector('.row-in').focus();
  document.querySelector('#graph-told [data-steps="2"]').click();
  return performance.now() - began;
})()"""


def main() -> list[Figure]:
    """Print a table."""
    if not PROGRAM:
        return []
    figures = [*_figures()]
    for figure in figures:
        print(f"{figure.what:<60} {figure.found}")
    return figures


def _figures() -> Iterator[Figure]:
    drawn = park(HOUSES)
    number = f"graph of {len(drawn.nodes):,} resources"
    with TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder, "graph.html")
        times = {}
        for by in (By.KIND, By.GROUP):
            path.write_text(graph_html(drawn, "park", by), encoding="utf-8")
            times[by] = sorted(_shown(browser, path) for _ in range(TIMES))[TIMES // 2]
        path.write_text(graph_html(drawn, "park"), encoding="utf-8")
        _shown(browser, path)
        focused = float(str(browser.run(FOCUSED)))
    yield Figure(
        f"{number} as a page",
        f"first picture in Chromium after {times[By.KIND]:.1f} s, "
        f"{times[By.GROUP]:.1f} s where each of {HOUSES} houses is a box",
    )
    yield Figure(f"{number}: unfold a kind, then what one of it touches", f"{focused:.0f} ms")


def _shown(browser: Browser, path: Path) -> float:
    browser.ask("Page.navigate", url="about:blank")
    browser.open(path, width=1400, height=900)
    browser.wait(DRAWN)
    return float(str(browser.run(SHOWN))) / 1000


if __name__ == "__main__":
    main()
