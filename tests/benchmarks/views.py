"""How large the views of large plans are, how long they take, and when a browser shows them.

``python -m tests.benchmarks.views [CHANGES …]``
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.plan.document import text_of
from reconciler.plan.shape import PlanDocument
from reconciler.render.html import plan_html
from reconciler.render.markdown import plan_markdown
from tests.benchmarks.figures import Figure
from tests.chromium import PROGRAM, chromium
from tests.render_cases import many, plan_text

VIEWS: dict[str, Callable[[PlanDocument], str]] = {
    "text": plan_text,
    "json": text_of,
    "markdown": plan_markdown,
    "html": plan_html,
}
PAINT = (
    "new Promise(done => requestAnimationFrame(() => setTimeout(() => done("
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1), 50)))"
)
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
SEARCH = """new Promise(done => {
  const began = performance.now(), box = document.querySelector('#search');
  const shown = document.querySelector('#shown');
  new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - began)))
    .observe(shown, {childList: true});
  box.value = 'guest-77'; box.dispatchEvent(new Event('input'));
})"""


def main() -> list[Figure]:
    """Print a table."""
    sizes: dict[tuple[str, int], int] = {}
    paints: dict[int, float] = {}
    numbers = [int(number) for number in sys.argv[1:]] or [1000, 5000, 20_000]
    print(f"{'changes':>8}  {'view':<9} {'seconds':>8} {'characters':>11} {'megabytes':>10}")
    with TemporaryDirectory() as name:
        for number in numbers:
            plan = many(number)
            for view, write in VIEWS.items():
                began = time.perf_counter()
                text = write(plan)
                took = time.perf_counter() - began
                sizes[view, number] = len(text)
                size = len(text.encode()) / 1e6
                print(f"{number:>8,}  {view:<9} {took:>8.2f} {len(text):>11,} {size:>10.2f}")
            Path(name, f"{number}.html").write_text(text, encoding="utf-8")
        if PROGRAM:
            paints = _paint(Path(name), numbers)
    return [*_figures(sizes, paints)]


def _figures(sizes: dict[tuple[str, int], int], paints: dict[int, float]) -> Iterator[Figure]:
    """Say what the page holds of the plan that is neither the least nor the most."""
    numbers = sorted({number for _, number in sizes})
    number = numbers[len(numbers) // 2]
    plan = f"plan of {number:,} changes"
    yield Figure(f"{plan} as Markdown", f"{sizes['markdown', number]:,} characters")
    paint = f", first paint in Chromium after {paints[number] / 1000:.1f} s" if paints else ""
    yield Figure(f"{plan} as HTML", f"{sizes['html', number] / 1e6:.1f} MB{paint}")


def _paint(folder: Path, numbers: list[int]) -> dict[int, float]:
    first: dict[int, float] = {}
    with chromium() as browser:
        for number in numbers:
            paints = []
            for _ in range(3):
                browser.open(folder / f"{number}.html")
                paints.append(float(str(browser.run(PAINT))))
            first[number] = sorted(paints)[1]
            ready = float(str(browser.run(READY)))
            search = float(str(browser.run(SEARCH)))
            print(
                f"{number:>8,}  in Chromium: first paint {first[number]:,.0f} ms, "
                f"list {ready:,.0f} ms, search {search:,.0f} ms"
            )
    return first


if __name__ == "__main__":
    main()
