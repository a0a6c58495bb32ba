"""What a fleet costs where nothing is to be done: beside a shell loop, and on Dask.

``python -m tests.benchmarks.fleets [--save]`` plans 200 organizations of 300 resources three times:
by ``fleet plan``, by a loop of single plans, and by Dask with two workers. The loop runs over a
sample of the organizations, and is scaled. Then ``fleet plan`` has ten times as many. ``--save``
writes the table into docs/figures.md. The machine must have nothing else to do.
"""

import argparse
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.benchmarks.figures import PAGE
from tests.benchmarks.made_fleets import MadeFleet, running_fleet
from tests.benchmarks.speed.process import Launcher, launcher
from tests.benchmarks.trees import cpu_of, memory_watched
from tests.sandbox_server import RunningSandbox

TABLE = re.compile(r"(?<=<!-- fleet -->\n).*(?=<!-- end of fleet -->)", re.DOTALL)
COMMAND = (sys.executable, "-m", "reconciler")
DASK = ("--scheduler", "local", "--jobs", "2")


@dataclass(frozen=True, slots=True)
class Cost:
    """What planning so many organizations took: seconds, and megabytes of all its processes."""

    what: str
    organizations: int
    wall: float
    client: float
    server: float
    memory: float

    def scaled(self, organizations: int) -> "Cost":
        """Give what more of the same would take, one after the other."""
        factor = organizations / self.organizations
        wall, client, server = (one * factor for one in (self.wall, self.client, self.server))
        return Cost(self.what, organizations, wall, client, server, self.memory)

    @property
    def each(self) -> float:
        """Seconds of the client's processors for one organization."""
        return self.client / self.organizations


@dataclass(frozen=True, slots=True)
class Bench:
    """A fleet in a sandbox, and what starts commands on it."""

    fleet: MadeFleet
    sandbox: RunningSandbox
    start: Launcher

    def measured(self, what: str, organizations: int, work: Callable[[], None]) -> Cost:
        """Execute something, and say what it took."""
        server, client = cpu_of(self.sandbox.pid), cpu_of(self.start.process.pid)
        began = perf_counter()
        with memory_watched(self.start.process.pid) as most:
            work()
        wall = perf_counter() - began
        client = cpu_of(self.start.process.pid) - client
        cost = Cost(
            what, organizations, wall, client, cpu_of(self.sandbox.pid) - server, most.megabytes
        )
        _say(f"{what}: {wall:.1f} s, client {client:.1f} s, server {cost.server:.1f} s of CPU")
        return cost

    def together(self, what: str, *options: str) -> Cost:
        """Plan all by one command; each of them must have nothing to do."""
        words = (*COMMAND, "fleet", "plan", str(self.fleet.folder), "--detailed-exitcode",
                 "--keys", str(self.fleet.keys), *options)  # fmt: skip
        return self.measured(what, len(self.fleet.members), lambda: self._run(words))

    def loop(self, number: int, seed: int) -> Cost:
        """Plan some of them one after the other, as a shell does; scaled to all."""
        names = [one.name for one in self.fleet.members]
        chosen = Random(seed).sample(names, min(number, len(names)))

        def work() -> None:
            for name in chosen:
                self.alone(name)

        return self.measured("a loop of `plan`", len(chosen), work).scaled(len(names))

    def alone(self, name: str) -> None:
        """Plan one organization by the single command."""
        own, key = self.fleet.folder / "orgs", self.fleet.keys.parent / "keys" / name
        words = (*COMMAND, "plan", str(self.fleet.folder / "base"), str(own / name),
                 "--var-file", str(own / f"{name}.env"), "--api-key-file", str(key),
                 "--detailed-exitcode")  # fmt: skip
        self._run(words)

    def _run(self, words: Sequence[str]) -> None:
        self.start.run(words)


def everything(number: int, many: int, resources: int, sample: int, seed: int) -> str:
    """Measure all, and give the tables."""
    with _bench(number, resources) as bench:
        bench.alone(bench.fleet.members[0].name)  # what is read first is in memory then
        loop = bench.loop(sample, seed)
        fleet = bench.together("`fleet plan`")
        dask = bench.together("`fleet plan --scheduler local`, 2 workers", *DASK)
    costs = [fleet, loop, dask]
    if many:
        with _bench(many, resources) as bench:
            costs.append(bench.together("`fleet plan`"))
    return _page(costs, sample, resources)


@contextmanager
def _bench(number: int, resources: int) -> Iterator[Bench]:
    """Make a fleet, and a sandbox that holds it, while the block lasts."""
    with TemporaryDirectory() as name:
        began = perf_counter()
        with running_fleet(Path(name), number, resources) as (fleet, sandbox):
            _say(f"{number:,} organizations made in {perf_counter() - began:.0f} s")
            environment = {"BOOKINGMOOD_API_URL": sandbox.url}
            with launcher(Path(name), environment) as start:
                yield Bench(fleet, sandbox, start)


def _page(costs: Sequence[Cost], sample: int, resources: int) -> str:
    fleet, loop, _, *more = costs
    rows = "".join(
        f"| {one.what} | {one.organizations:,} | {one.wall:.1f} | {one.client:.1f} |"
        f" {one.server:.1f} | {one.each:.3f} | {one.each / loop.each:.2f} | {one.memory:.0f} |\n"
        for one in costs
    )
    goals = "".join(
        f"| {what} | {found:.2f} | <= {most:g} | {'yes' if found <= most else '**no**'} |\n"
        for what, found, most in _goals(fleet, loop, more)
    )
    return (
        f"Nothing to do, {resources} resources each, {os.cpu_count()} cores. The loop ran over"
        f" {sample} of the organizations, and is scaled.\n\n"
        "| what is done | organizations | clock s | client CPU s | server CPU s |"
        " client CPU s each | of a single `plan` | MB |\n|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n| goal for a fleet | measured | goal | reached |\n|---|---|---|---|\n{goals}"
    )


def _goals(fleet: Cost, loop: Cost, more: Sequence[Cost]) -> Iterator[tuple[str, float, float]]:
    cores = os.cpu_count() or 1
    yield "CPU of an organization, of a single `plan`", fleet.each / loop.each, 0.15
    busy = (fleet.client + fleet.server) / cores
    yield "clock, of (client CPU + server CPU) / cores", fleet.wall / busy, 1.3
    yield "clock, of the loop's", fleet.wall / loop.wall, 0.25
    yield "memory of all its processes, MB", fleet.memory, 400
    for one in more:
        power = math.log(one.client / fleet.client) / math.log(
            one.organizations / fleet.organizations
        )
        yield f"growth of the CPU to {one.organizations:,} organizations, n to the", power, 1.05


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(words: Sequence[str]) -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organizations", type=int, default=200)
    parser.add_argument("--many", type=int, default=2000, help="0 leaves this part out")
    parser.add_argument("--resources", type=int, default=300)
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--save", action="store_true", help="write the table into the page")
    given = parser.parse_args(words)
    began = perf_counter()
    table = everything(given.organizations, given.many, given.resources, given.sample, given.seed)
    sys.stdout.write(table)
    _say(f"({perf_counter() - began:.0f} s in all)")
    if given.save:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(TABLE.sub(lambda _: table, page), "utf-8")
        _say(f"written into {PAGE}")


if __name__ == "__main__":
    main(sys.argv[1:])
