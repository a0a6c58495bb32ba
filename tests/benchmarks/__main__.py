"""Run every benchmark, one after the other: ``python -m tests.benchmarks``."""

import runpy
from pathlib import Path


def main() -> None:
    """Run the modules of this folder that are benchmarks."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        runpy.run_module(f"{__package__}.{path.stem}", run_name="__main__")


main()
