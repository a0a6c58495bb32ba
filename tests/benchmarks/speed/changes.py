"""10,000 different changes, each a PATCH with its lock, against bare loops that do the same."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.speed import data
from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Row
from tests.benchmarks.speed.stage import Stage
from tests.benchmarks.speed.versions import Version
from tests.benchmarks.speed.watch import Writing, watched

LOOP = Path(__file__).with_name("loop.py")
NUMBER = 10_000
ROW = "changes"


def changes(
    stage: Stage, versions: Sequence[Version], repeats: int, number: int = NUMBER
) -> Iterator[Row]:
    """Measure the phase that writes: seconds between the first and the last PATCH, and its CPU."""
    stage.empty()
    stage.apply(versions[-1], data.write_contacts(stage.folder("changes"), number))
    least: dict[str, Taken] = {}
    for turn in range(repeats or 2):
        for version in versions:
            _keep(least, version.name, _applied(stage, version, f"{version.name} {turn}", number))
        for who, python in _loops(versions).items():
            taken = _looped(stage, python, who, f"{who} {turn}", number)
            _keep(least, f"{who} loop", taken)
    stage.state = ""
    for who, taken in least.items():
        yield Row(ROW, number, who, taken)


def _loops(versions: Sequence[Version]) -> dict[str, str]:
    """Name the loops, each with the Python that has its libraries."""
    old = [version.python for version in versions if version.name == "old"]
    with_httpx = {"httpx": old[0]} if old else {}
    return {**with_httpx, "aiohttp": sys.executable}


def _applied(stage: Stage, version: Version, word: str, number: int) -> Taken:
    """Apply other notes to every contact; what planning alone takes is not counted."""
    folder = data.write_contacts(stage.folder("changes"), number, notes=word)
    planned = stage.run([*version.command("plan", folder.name)])
    with watched(stage.log) as writing:
        taken = stage.apply(version, folder)
    _check(writing, number)
    return replace(taken, cpu=taken.cpu - planned.cpu, wall=writing.seconds)


def _looped(stage: Stage, python: str, how: str, word: str, number: int) -> Taken:
    with watched(stage.log) as writing:
        taken = stage.run([python, str(LOOP), how, word])
    _check(writing, number)
    cpu = float((stage.home / "output.txt").read_text("utf-8"))
    return replace(taken, cpu=cpu, wall=writing.seconds)


def _check(writing: Writing, number: int) -> None:
    assert writing.number == number, f"{writing.number} PATCHes, not {number}"


def _keep(least: dict[str, Taken], who: str, taken: Taken) -> None:
    least[who] = least[who].least(taken) if who in least else taken
