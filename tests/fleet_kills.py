"""Kill Dask workers and the coordinator while a fleet is applied, go on, and look at the rows.

``python -m tests.fleet_kills [NUMBER] [--seed N]`` tries so many times, at random moments. Each
trial begins with the same rows and the same folder, and must end like a run that nobody disturbed:
no row twice, none missing, none deleted that was to stay, the same values, the same bindings.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.comparable import Row, State, rows_of, state_of
from tests.crash import ALLOWED, Figures, compare, put_back
from tests.crash_scenario import AFTER, BEFORE
from tests.fleets import NAMES, PAIRS, FleetFolder, fleet_folder
from tests.organization import Organization
from tests.server import running_server

APPLY = ("--auto-approve", "--allow", ALLOWED, "--timeout", "10")
DASK = (*APPLY, "--scheduler", "local", "--jobs", "2")
PATIENCE = 300.0
MOST_RUNS = 4


@dataclass(slots=True)
class Killing:
    """What all trials found."""

    figures: Figures = field(default_factory=Figures)
    workers: int = 0
    coordinators: int = 0
    runs: int = 0

    def __str__(self) -> str:
        return (
            f"{self.workers} workers and {self.coordinators} coordinators killed,"
            f" {self.runs} runs to go on; {self.figures}"
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """A fleet that can be set back, and how each organization is before and after."""

    fleet: FleetFolder
    organizations: tuple[Organization, ...]
    start: Mapping[str, Mapping[str, list[Row]]]
    before: Mapping[str, State]
    expected: Mapping[str, State]
    writes: int

    def fresh(self) -> FleetFolder:
        """Set rows and files back to the beginning; gives the folder to apply."""
        for one in self.organizations:
            put_back(one, self.start[one.id])
        return _copied(self.fleet)

    def written(self) -> int:
        """Count the write requests that the sandbox has answered."""
        return _writes(self.fleet)


def _copied(fleet: FleetFolder) -> FleetFolder:
    used = fleet.path.with_name("used")
    shutil.rmtree(used, ignore_errors=True)
    shutil.copytree(fleet.path, used)
    return replace(fleet, path=used)


def _writes(fleet: FleetFolder) -> int:
    assert fleet.server.sandbox.log
    text = fleet.server.sandbox.log.read_text()
    return sum(text.count(f'"{method}"') for method in ("POST", "PATCH", "DELETE"))


@contextmanager
def setting(number: int = 3) -> Iterator[Setting]:
    """Start everything: so many organizations, with the rows that every trial begins with."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with running_server(folder, PAIRS, "--unique", "coupons.code") as server:
            fleet = fleet_folder(server, folder / "agency", "[{rest: 100 %}]")
            _keep(fleet, number)
            organizations = tuple(fleet.organization(name) for name in NAMES[:number])
            fleet.write(BEFORE)
            done = fleet.run("apply", *APPLY)
            assert done.code == 0, done.all
            shutil.rmtree(fleet.base / ".reconciler")
            fleet.write(AFTER)
            start = {one.id: rows_of(one) for one in organizations}
            before = {one.id: _state(one, fleet) for one in organizations}
            undisturbed, count = _copied(fleet), _writes(fleet)
            done = undisturbed.run("apply", *APPLY)
            assert done.code == 0, done.all
            expected = {one.id: _state(one, undisturbed) for one in organizations}
            yield Setting(fleet, organizations, start, before, expected, _writes(fleet) - count)


def _keep(fleet: FleetFolder, number: int) -> None:
    """Leave only the first organizations in the fleet, all alike."""
    file = fleet.path / "fleet.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("    ")]
    at = lines.index("  organizations:") + 1
    own = [f"    {n}: {{organization: {fleet.organization(n).id}}}" for n in NAMES[:number]]
    file.write_text("\n".join([*lines[:at], *own, *lines[at:]]) + "\n")


def _state(organization: Organization, fleet: FleetFolder) -> State:
    """Give the rows of an organization, and its bindings."""
    with TemporaryDirectory() as own:
        (Path(own) / "bindings").mkdir()
        name = f"{organization.id}.yaml"
        if (fleet.base / "bindings" / name).exists():
            shutil.copy(fleet.base / "bindings" / name, Path(own) / "bindings" / name)
        return state_of(organization, Path(own))


def try_once(setting: Setting, killing: Killing, seed: int, *, coordinator: bool) -> None:
    """Execute one trial."""
    chance = random.Random(seed)
    fleet = setting.fresh()
    trial = f"seed {seed}, {'coordinator' if coordinator else 'workers'}"
    process = fleet.start("apply", *DASK)
    killing.figures.trials += 1
    begun = setting.written()
    for _ in range(1 if coordinator else chance.choice((1, 1, 2))):
        wanted = setting.written() + chance.randrange(1, max(2, setting.writes // 3))
        while process.poll() is None and setting.written() < wanted:
            time.sleep(0.01)
        victim = process.pid if coordinator else _worker(process.pid, chance)
        if process.poll() is None and victim and setting.written() > begun:
            os.kill(victim, signal.SIGKILL)
            killing.figures.killed += 1
            killing.coordinators += coordinator
            killing.workers += not coordinator
    out, err = process.communicate(timeout=PATIENCE)
    words = out + err
    code = process.returncode
    for _ in range(MOST_RUNS):
        if code == 0:
            break
        killing.runs += 1
        done = fleet.run("apply", *(DASK if chance.random() < 0.3 else APPLY))
        code, words = done.code, done.all
    if code:
        killing.figures.failures.append(f"{trial}: {code}: {words}")
        print(f"{trial} never ended with 0: {code}: {words}", file=sys.stderr, flush=True)
    for one in setting.organizations:
        found = _state(one, fleet)
        compare(killing.figures, trial, setting.before[one.id], setting.expected[one.id], found)


def _worker(coordinator: int, chance: random.Random) -> int | None:
    """Find a worker process of a coordinator."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            words = (entry / "cmdline").read_text()
        except (OSError, IndexError):
            continue
        if parent == str(coordinator) and "spawn_main" in words:
            found.append(int(entry.name))
    return chance.choice(sorted(found)) if found else None


def main() -> None:
    """Execute the trials that the command line asks for, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    killing, began = Killing(), time.monotonic()
    with setting() as made:
        print(f"{made.writes} write requests in a run", file=sys.stderr, flush=True)
        for number in range(arguments.number):
            try_once(made, killing, arguments.seed + number, coordinator=number % 3 == 2)
            print(f"{number + 1}: {killing}", file=sys.stderr, flush=True)
    for failure in killing.figures.failures:
        print(failure, file=sys.stderr)
    print(f"{killing} ({time.monotonic() - began:.0f} s)")
    sys.exit(0 if killing.figures.clean else 1)


if __name__ == "__main__":
    main()
