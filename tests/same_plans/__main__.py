"""Compare what this code says with what another commit says, byte for byte.

``python -m tests.same_plans --base REF`` makes random configurations and live states, and runs
plan, export, validate and fmt of both commits on them. Compared are the exit code, stdout, stderr,
the written files and the requests. Left out are the version of the tool, the words that reading
takes long, and ``export --redact``, whose words are random. ``--documents`` compares the plans
alone, as ``--out`` writes them: warnings and views may have become others.
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
from tests.same_plans.trees import at_work, take_version, unpack
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
    parser.add_argument("--documents", action="store_true", help="only plans, as documents")
    given = parser.parse_args()
    began = time.monotonic()
    pair = compared(given)
    for line in report(pair):
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return int(bool(pair.different))


def compared(given: argparse.Namespace) -> Pair:
    """Play all cases; answers what was found."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(running_server(home, [f"{FIRST}=key"]))
        was = unpack(given.base, home / "tree")
        take_version(was)
        pair = Pair(
            stack.enter_context(at_work("base", was, home / "base")),
            stack.enter_context(at_work("here", ROOT, home / "here")),
            server.organization(0),
            documents=given.documents,
        )
        if given.documents:
            cases.planned(pair, given.count, given.seed)
            return pair
        cases.folders(pair)
        cases.mutants(pair, given.count, given.seed)
        if not given.offline:
            cases.planned(pair, given.count * 3 // 4, given.seed)
            cases.exported(pair, given.count // 4, given.seed)
    return pair


def report(pair: Pair) -> Iterator[str]:
    """Say how many were alike, and show the first difference of each sort."""
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
    for sort, lines in pair.first.items():
        yield from ["", f"the first difference of {sort}:", *lines]


if __name__ == "__main__":
    sys.exit(main())
