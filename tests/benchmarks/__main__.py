"""Run every benchmark, and write what they found into docs/figures.md: ``make bench``."""

import sys

from tests.benchmarks import apply, export, sandbox, views
from tests.benchmarks.figures import PAGE, Figure, with_figures


def main() -> None:
    """Run them one after the other; each prints more than the page holds."""
    figures: list[Figure] = []
    for benchmark in (apply, export, sandbox, views):
        figures += benchmark.main()
    PAGE.write_text(with_figures(PAGE.read_text("utf-8"), figures), "utf-8")
    sys.stdout.write(f"written into {PAGE}\n")


main()
