"""Measures the rows of the table: the versions in turn, then the floor, several times."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.speed.cases import CASES, Case
from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Row
from tests.benchmarks.speed.stage import Stage
from tests.benchmarks.speed.versions import Version

FLOOR = Path(__file__).with_name("floor.py")
REPEATS = {9: 7, 9_999: 3, 99_999: 2}
"""So often, by size: what is short is disturbed more. What is not named is measured once."""


def measured(
    stage: Stage, versions: Sequence[Version], names: Iterable[str], size: int, repeats: int
) -> Iterator[Row]:
    """Measure some rows of one size."""
    stage.begin(size)
    for name in names:
        if name in CASES:
            taken: dict[str, Taken] = {}
            for _ in range(repeats or REPEATS.get(size, 1)):
                for who, found in _once(stage, versions, CASES[name]):
                    taken[who] = taken[who].least(found) if who in taken else found
            for who, found in taken.items():
                yield Row(name, size, who, found)


def _once(stage: Stage, versions: Sequence[Version], case: Case) -> Iterator[tuple[str, Taken]]:
    addresses: list[str] = []
    for version in versions:
        if case.state:
            getattr(stage, case.state)()
        before = stage.read
        yield version.name, case.measure(stage, version)
        if version.name == "here":
            addresses = _asked(stage, before)
    if not any(version.name == "here" for version in versions):
        return
    if case.state:
        getattr(stage, case.state)()
    yield from _floors(stage, case, addresses)


def _floors(stage: Stage, case: Case, addresses: list[str]) -> Iterator[tuple[str, Taken]]:
    listed = stage.home / "addresses.txt"
    listed.write_text("\n".join(addresses), "utf-8")
    folder = str(case.reads(stage))
    words = {"events": [folder], "fetch": [str(listed)], "both": [folder, str(listed)]}[case.floor]
    yield "floor", stage.run([sys.executable, str(FLOOR), case.floor, *words])
    if case.floor == "events":
        yield "loader", stage.run([sys.executable, str(FLOOR), "load", folder])


def _asked(stage: Stage, before: int) -> list[str]:
    """Give the addresses that were read, from a place in the log of requests on."""
    now, stage.read = stage.read, before
    lines = stage.new_requests()
    stage.read = max(now, stage.read)
    url = stage.server.sandbox.url
    return [f"{url}{one['path']}?{one['query']}" for one in lines if one["method"] == "GET"]
