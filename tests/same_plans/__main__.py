"""Compare what this code says with what another commit says, byte for byte.

``python -m tests.same_plans --base REF`` makes random configurations and live states, and runs
plan, export, validate and fmt of both commits on them. Compared are the exit code, stdout, stderr,
the written files and the requests. Left out are the words that reading takes long, and
``export --redact``, whose words are random.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.same_plans import cases
from tests.same_plans.compare import Pair
from tests.same_plans.trees import at_work, unpack
from tests.sandbox_server import ROOT
from tests.server import FIRST, running_server


def main() -> int:
    """Run as a program; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.same_plans", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--base", required=True, help="the commit to compare with")
    parser.add_argument("--count", type=int, default=200, help="plans; as many bad files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--offline", action="store_true", help="only validate and fmt")
    given = parser.parse_args()
    began = time.monotonic()
    pair = compared(given.base, given.count, given.seed, offline=given.offline)
    for line in report(pair):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return int(bool(pair.different))


def compared(base: str, count: int, seed: int, *, offline: bool) -> Pair:
    """Play all cases; answers what was found."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(running_server(home, [f"{FIRST}=key"]))
        was = unpack(base, home / "tree")
        pair = Pair(
            stack.enter_context(at_work("base", was, home / "base")),
            stack.enter_context(at_work("here", ROOT, home / "here")),
            server.organization(0),
        )
        cases.folders(pair)
        cases.mutants(pair, count, seed)
        if not offline:
            cases.planned(pair, count * 3 // 4, seed)
            cases.exported(pair, count // 4, seed)
    return pair


def report(pair: Pair) -> Iterator[str]:
    """Say how many were alike, and show the first difference."""
    for sort in sorted(pair.alike.keys() | pair.different.keys()):
        codes = ", ".join(
            f"{number} {name.partition(': ')[2]}"
            for name, number in sorted(pair.codes.items())
            if name.startswith(f"{sort}: ")
        )
        different = pair.different[sort]
        words = f"{different} DIFFERENT" if different else "0 different"
        yield f"{sort:24}{pair.alike[sort]:6} alike, {words}   ({codes})"
    yield f"CPU of the commands: base {pair.base.seconds:.1f} s, here {pair.here.seconds:.1f} s"
    yield from ["", "the first difference:", *pair.first] if pair.first else []


if __name__ == "__main__":
    sys.exit(main())
