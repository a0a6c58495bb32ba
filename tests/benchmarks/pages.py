"""When Chromium shows the page of a large plan, and how long a filter and a key take in it.

``python -m tests.benchmarks.pages [CHANGES …]``
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import cast

from reconciler.render.html import plan_html
from reconciler.values.column import JSON
from tests.benchmarks.figures import Figure
from tests.chromium import PROGRAM, Browser, chromium
from tests.render_cases import many

TIMES = 5
PAINT = (
    "new Promise(done => requestAnimationFrame(() => setTimeout(() => done("
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1), 50)))"
)
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
UNTIL_DRAWN = """new Promise(done => {
  const began = performance.now();
  %s;
  requestAnimationFrame(() => {
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => done(performance.now() - began);
    drawn.port2.postMessage(0);
  });
})"""
SEARCH = "$('search').value = '%s'; $('search').dispatchEvent(new Event('input'))"
ACTIONS = {
    "first search": SEARCH % "guest-77",
    "search": SEARCH % "guest-7",
    "no search": SEARCH % "",
    "one action": "document.querySelector('[data-action]').click()",
    "needs attention": "$('attention').click()",
    "next by key": "document.body.dispatchEvent(new KeyboardEvent('keydown',"
    " {key: 'j', bubbles: true}))",
}
"""What people do, one after the other; all of it is a filter but the last."""
Times = Mapping[str, float]


def main() -> list[Figure]:
    """Print a table; nothing where there is no Chromium."""
    numbers = [int(number) for number in sys.argv[1:]] or [1000, 5000, 20_000]
    if not PROGRAM:
        return []
    found: dict[int, Times] = {}
    with TemporaryDirectory() as name, chromium() as browser:
        for number in numbers:
            file = Path(name, f"{number}.html")
            file.write_text(plan_html(many(number), "reconciler apply villa/"), encoding="utf-8")
            found[number] = _times(browser, file)
            for what, took in found[number].items():
                print(f"{number:>8,}  {what:<22} {took:>6,.0f} ms")
    number = numbers[len(numbers) // 2]
    return [*_figures(number, found[number])]


def _times(browser: Browser, file: Path) -> Times:
    """Measure several times; give the medians."""
    rounds = [dict(_round(browser, file)) for _ in range(TIMES)]
    return {what: median(one[what] for one in rounds) for what in rounds[0]}


def _round(browser: Browser, file: Path) -> Iterator[tuple[str, float]]:
    """Measure once; what the page's thread computed tells more where the machine is busy."""
    browser.ask("Page.navigate", url="about:blank")
    browser.ask("Performance.enable", timeDomain="threadTicks")
    before = _computed(browser)
    browser.open(file)
    yield "first paint", cast("float", browser.run(PAINT))
    yield "list ready", cast("float", browser.run(READY))
    yield "list ready, computed", _computed(browser) - before
    browser.run("globalThis.$ = (id) => document.getElementById(id)")
    for what, script in ACTIONS.items():
        before = _computed(browser)
        yield what, cast("float", browser.run(UNTIL_DRAWN % script))
        yield f"{what}, computed", _computed(browser) - before


def _computed(browser: Browser) -> float:
    metrics = cast("list[dict[str, JSON]]", browser.ask("Performance.getMetrics")["metrics"])
    found = {metric["name"]: metric["value"] for metric in metrics}
    return 1000 * cast("float", found["TaskDuration"])


def _figures(number: int, times: Times) -> Iterator[Figure]:
    slowest = max(took for what, took in times.items() if what in ACTIONS)
    yield Figure(
        f"page of a plan of {number:,} changes, in Chromium",
        f"first paint after {times['first paint'] / 1000:.1f} s, a filter in at most "
        f"{slowest:.0f} ms",
    )


if __name__ == "__main__":
    main()
