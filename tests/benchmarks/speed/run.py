"""The command ``python -m tests.benchmarks speed``."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.figures import PAGE
from tests.benchmarks.speed import changes, million, page, peer, startup
from tests.benchmarks.speed.cases import CASES
from tests.benchmarks.speed.measure import measured
from tests.benchmarks.speed.results import RESULTS, Row, found, save
from tests.benchmarks.speed.stage import Stage, staged
from tests.benchmarks.speed.table import judged, lines
from tests.benchmarks.speed.versions import Version, here, old

ROWS = (startup.ROW, *CASES, changes.ROW, million.ROW, peer.WHO)
ASKED = {million.ROW: "BENCH_MILLION", peer.WHO: "BENCH_PEER"}
"""Rows that are measured where this variable is 1, or where they are named."""
SIZES = (9, 9_999, 99_999)


def main(words: Sequence[str]) -> None:
    """Measure some rows, and print them with what the goals say."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks speed")
    parser.add_argument("--rows", default=",".join(_usual()), help=f"some of {', '.join(ROWS)}")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of resources")
    parser.add_argument("--repeats", type=int, default=0, help="else 7, 3 and 2, by size")
    parser.add_argument("--alone", action="store_true", help="without the old commit")
    parser.add_argument("--save", action="store_true", help="write the result file and the page")
    given = parser.parse_args(words)
    names, sizes = given.rows.split(","), [int(size) for size in given.sizes.split(",")]
    unknown = set(names) - {*ROWS}
    if unknown:
        parser.error(f"no row is called {', '.join(sorted(unknown))}: there are {', '.join(ROWS)}")
    versions = [here()] if given.alone else [old(), here()]
    speeds(versions, names, sizes, given.repeats, write=given.save)


def everything() -> None:
    """Measure all that is measured without being named, and write it down."""
    speeds([old(), here()], _usual(), SIZES, write=True)


def _usual() -> Sequence[str]:
    return [name for name in ROWS if name not in ASKED or os.environ.get(ASKED[name]) == "1"]


def speeds(
    versions: Sequence[Version],
    names: Sequence[str],
    sizes: Sequence[int],
    repeats: int = 0,
    *,
    write: bool = False,
) -> None:
    """Measure, and print while it goes on, then the table and what the goals say.

    With ``write`` each row is written at once: who stops it keeps what was measured.
    """
    rows: list[Row] = []
    with staged() as stage:
        for row in _measured(stage, versions, names, sizes, repeats):
            rows.append(row)
            taken = row.taken
            sys.stdout.write(f"{row.row} {row.size} {row.who} {taken.cpu:.3f} s of CPU\n")
            sys.stdout.flush()
            if write:
                page.write_page(save(rows))
    for line in (*lines(found(rows)), *judged(found(rows))):
        sys.stdout.write(line + "\n")
    if write:
        sys.stdout.write(f"written: {RESULTS}, {PAGE}, {page.PICTURE}\n")


def _measured(
    stage: Stage,
    versions: Sequence[Version],
    names: Sequence[str],
    sizes: Sequence[int],
    repeats: int,
) -> Iterator[Row]:
    if startup.ROW in names:
        yield from startup.startup(stage, versions, repeats)
    for size in sizes:
        yield from measured(stage, versions, names, size, repeats)
    if changes.ROW in names:
        yield from changes.changes(stage, versions, repeats)
    if million.ROW in names:
        yield from million.million(stage, versions, repeats)
    if peer.WHO in names:
        yield from peer.peer(peer.NUMBER)
