"""What starting takes: ``--version``, against importing the libraries and nothing else."""

import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Row
from tests.benchmarks.speed.stage import Stage
from tests.benchmarks.speed.versions import Version

ROW = "version"
REPEATS = 15


def startup(stage: Stage, versions: Sequence[Version], repeats: int) -> Iterator[Row]:
    """Measure them in turn; the libraries of the client are those of the old commit."""
    programs = {version.name: version.command("--version") for version in versions}
    programs["import click"] = [sys.executable, "-c", "import click"]
    old = [version.python for version in versions if version.name == "old"]
    if old:
        words = "import yaml, click, orjson, httpx_aiohttp"
        programs["import libraries"] = [old[0], "-c", words]
    least: dict[str, Taken] = {}
    for _ in range(repeats or REPEATS):
        for who, words_of in programs.items():
            taken = stage.run([*words_of])
            least[who] = least[who].least(taken) if who in least else taken
    for who, taken in least.items():
        yield Row(ROW, 0, who, taken)
