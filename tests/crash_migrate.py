"""Kill a migration at 30 random moments, and see that the next run ends where it should."""

import random
import sys
import tempfile
from pathlib import Path

from .test_migrate import kill_at

TRIALS = 30


def main() -> None:
    """Run the trials; prints one line of figures."""
    with tempfile.TemporaryDirectory() as folder:
        kill_at(Path(folder), random.Random(), trials=TRIALS)
    sys.stdout.write(f"migration: killed {TRIALS} times, then finished: same rows, verified\n")


if __name__ == "__main__":
    main()
