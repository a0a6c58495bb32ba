"""How large the views of large plans are, and how long they take; `pages` has the browser.

``python -m tests.benchmarks.views [CHANGES …]``
"""

import sys
import time
from collections.abc import Callable, Iterator

from reconciler.plan.document import text_of
from reconciler.plan.shape import PlanDocument
from reconciler.render.html import plan_html
from reconciler.render.markdown import plan_markdown
from tests.benchmarks.figures import Figure
from tests.render_cases import many, plan_text

VIEWS: dict[str, Callable[[PlanDocument], str]] = {
    "text": plan_text,
    "json": text_of,
    "markdown": plan_markdown,
    "html": plan_html,
}


def main() -> list[Figure]:
    """Print a table."""
    sizes: dict[tuple[str, int], int] = {}
    numbers = [int(number) for number in sys.argv[1:]] or [1000, 5000, 20_000]
    print(f"{'changes':>8}  {'view':<9} {'seconds':>8} {'characters':>11} {'megabytes':>10}")
    for number in numbers:
        plan = many(number)
        for view, write in VIEWS.items():
            began = time.perf_counter()
            text = write(plan)
            took = time.perf_counter() - began
            sizes[view, number] = len(text)
            size = len(text.encode()) / 1e6
            print(f"{number:>8,}  {view:<9} {took:>8.2f} {len(text):>11,} {size:>10.2f}")
    return [*_figures(sizes)]


def _figures(sizes: dict[tuple[str, int], int]) -> Iterator[Figure]:
    """Say what the page holds of the plan that is neither the least nor the most."""
    numbers = sorted({number for _, number in sizes})
    number = numbers[len(numbers) // 2]
    plan = f"plan of {number:,} changes"
    yield Figure(f"{plan} as Markdown", f"{sizes['markdown', number]:,} characters")
    yield Figure(f"{plan} as HTML", f"{sizes['html', number] / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
