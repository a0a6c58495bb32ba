"""Run every benchmark, and write what they found into docs/figures.md: ``make bench``.

``python -m tests.benchmarks speed --help`` tells how to measure a part of it.
"""

import sys

from tests.benchmarks import (
    apply,
    export,
    fleets,
    graphs,
    language,
    pages,
    policies,
    pull,
    sandbox,
    views,
)
from tests.benchmarks.figures import PAGE, Figure, with_figures
from tests.benchmarks.speed import run as speed


def main() -> None:
    """Run them one after the other; each prints more than the page holds."""
    figures: list[Figure] = []
    for benchmark in (apply, export, pull, sandbox, views, pages, graphs, policies, language):
        figures += benchmark.main()
    PAGE.write_text(with_figures(PAGE.read_text("utf-8"), figures), "utf-8")
    sys.stdout.write(f"written into {PAGE}\n")
    fleets.main(["--save"])
    speed.everything()


if sys.argv[1:2] == ["speed"]:
    speed.main(sys.argv[2:])
else:
    main()
