"""Play every kind of fault at every request of a run, once, and judge from the server's rows.

``python -m tests.faults`` gives each position of each command one fault after the other; ``--all``
tries each with each, ``--sample N`` some, chosen by ``--seed``. After each trial the command is run
again, undisturbed, and what is there must be what a run without faults leaves: no row twice, none
lost, none deleted that was to stay. The first run may fail, but must say so, without a traceback.
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast
from unittest import mock

from tests.commandline import Finished, failed_inside, run
from tests.comparable import State, rows_of, state_of
from tests.crash import ALLOWED, ORGANIZATION, Figures, Laboratory, compare, laboratory
from tests.faulting_proxy import FAULTS, FaultingProxy, When
from tests.faulty.test_faults import AFTER, BEFORE
from tests.organization import Organization

BLOCK = "reconciler: {stack: faults-1a2b}\n"
QUICK = ("--timeout", "0.8", "--parallelism", "2")
TARGET = "0c7a5000-0000-4000-8000-000000000002"
TARGET_KEY = "target-key"
MOVE = "billing-create,invites,notifies,updates,deletes"
UNREAD = ("cannot be read", "was not looked at")
TRUTHFUL = frozenset({0, 1, 5})


@dataclass(slots=True)
class Line:
    """What the trials of one command found."""

    verb: str
    requests: int = 0
    struck: int = 0
    tracebacks: int = 0
    untruthful: int = 0
    figures: Figures = field(default_factory=Figures)

    def row(self) -> str:
        """Write it as a row of the table."""
        f = self.figures
        cells = (self.verb, self.requests, f.trials, self.struck, f.doubled, f.lost)
        rest = (f.unplanned_deletes, f.differences, self.tracebacks, self.untruthful)
        return "| " + " | ".join(map(str, (*cells, *rest))) + " |"


@dataclass(frozen=True, slots=True)
class Verb:
    """One command: how it is run, and what it must leave besides rows (None: nothing)."""

    name: str
    lab: Laboratory
    arguments: Callable[[Path], tuple[str | Path, ...]]
    result: Callable[[Path, Finished], object]
    again: bool = True
    target: Organization | None = None

    @property
    def judged(self) -> Organization:
        """The organization whose rows count."""
        return self.target or self.lab.organization

    def fresh_folder(self) -> Path:
        """Set rows and files back to the beginning."""
        if self.target:
            self.target.empty()
            shutil.rmtree(self.lab.folder.with_name("moved"), ignore_errors=True)
        return self.lab.fresh_folder()

    @property
    def proxy(self) -> FaultingProxy:
        """The proxy before the sandbox."""
        return cast("FaultingProxy", self.lab.proxy)

    def run(self, folder: Path, url: str) -> Finished:
        """Run it in this process."""
        options = QUICK if self.name != "undo" else QUICK[:2]
        return run(*self.arguments(folder), *options, environment=self.lab.environment(url))


def try_all(verb: Verb, trials: Callable[[int], Iterator[tuple[int, str, When]]]) -> Line:
    """Play the trials of one command."""
    line = Line(verb.name)
    folder = verb.fresh_folder()
    before = state_of(verb.judged, folder)
    verb.proxy.play("", "before", 0)
    done = verb.run(folder, verb.proxy.url)
    assert done.code == 0, done.all
    line.requests = verb.proxy.seen
    expected = state_of(verb.judged, folder), verb.result(folder, done)
    for at, fault, when in trials(line.requests):
        _try(verb, line, (at, fault, when), before, expected)
    return line


def _try(
    verb: Verb,
    line: Line,
    trial: tuple[int, str, When],
    before: State,
    expected: tuple[State, object],
) -> None:
    at, fault, when = trial
    name = f"{verb.name}, request {at}, {fault} {when}"
    folder = verb.fresh_folder()
    verb.proxy.play(fault, when, at)
    line.figures.trials += 1
    try:
        done = verb.run(folder, verb.proxy.url)
    except Exception as error:
        line.tracebacks += 1
        line.figures.failures.append(f"{name}: {type(error).__name__}: {error}")
        return
    line.struck += verb.proxy.seen >= at
    verb.proxy.wait_until_settled()
    _judge(verb, line, name, done, folder, expected)
    if verb.again:
        second = verb.run(folder, verb.lab.organization.url)
        if second.code != 0:
            line.figures.failures.append(f"{name}: the second run said: {second.all}")
    compare(line.figures, name, before, expected[0], state_of(verb.judged, folder))


def _judge(
    verb: Verb,
    line: Line,
    name: str,
    done: Finished,
    folder: Path,
    expected: tuple[State, object],
) -> None:
    """See whether the exit code says what became of the run."""
    found = state_of(verb.judged, folder), verb.result(folder, done)
    line.tracebacks += failed_inside(done.all)
    said = " ".join(done.all.split())  # lines are broken at the width of a terminal
    told = any(words in said for words in UNREAD)  # such a kind is named, and nothing goes there
    wrong = done.code not in TRUTHFUL or (done.code == 0 and found != expected and not told)
    if wrong or failed_inside(done.all):
        line.untruthful += wrong
        line.figures.failures.append(f"{name}: exit {done.code}: {done.all[-600:]}")


def verbs(lab: Laboratory) -> Iterator[Verb]:
    """Give the commands, each with the state it begins from."""

    def nothing(_: Path, __: Finished) -> object:
        return None

    def plan(folder: Path) -> tuple[str | Path, ...]:
        return ("plan", folder, "--format", "json")

    def apply(folder: Path) -> tuple[str | Path, ...]:
        return ("apply", folder, "--auto-approve", "--allow", ALLOWED)

    def export(folder: Path) -> tuple[str | Path, ...]:
        out = folder.with_name("exported")
        shutil.rmtree(out, ignore_errors=True)
        return ("export", "--out", out)

    def exported(folder: Path, _: Finished) -> object:
        files = sorted(folder.with_name("exported").rglob("*.yaml"))
        lines = ((file.name, file.read_text().splitlines()) for file in files)
        return [(name, [line for line in some if "stack:" not in line]) for name, some in lines]

    yield Verb("plan", lab, plan, lambda _, done: done.out, again=False)
    yield Verb("apply", lab, apply, nothing)
    yield Verb("export", lab, export, exported, again=False)
    folder = lab.fresh_folder()
    done = run(*apply(folder), environment=lab.environment(lab.organization.url))
    assert done.code == 0, done.all
    kept = folder.with_name("applied")
    shutil.copytree(folder, kept)
    [journal] = (kept / ".reconciler" / "journal").glob("*.jsonl")
    applied = replace(lab, folder=kept, start=rows_of(lab.organization))

    def undo(folder: Path) -> tuple[str | Path, ...]:
        return ("undo", folder, "--run", journal.stem, "--auto-approve", "--allow", ALLOWED)

    yield Verb("undo", applied, undo, nothing)
    target = replace(lab.organization, id=TARGET, key=TARGET_KEY)
    target.rows("contacts")  # a sandbox makes an organization when it is first asked for
    keys = folder.with_name("keys")
    keys.mkdir()
    for name, key in (("from", lab.organization.key), ("to", TARGET_KEY)):
        (keys / name).write_text(key)
        (keys / name).chmod(0o600)

    def migrate(folder: Path) -> tuple[str | Path, ...]:
        names = ("--from-key-file", keys / "from", "--to-key-file", keys / "to")
        return (
            "migrate",
            "--out",
            folder.with_name("moved"),
            *names,
            "--auto-approve",
            "--allow",
            MOVE,
        )

    yield Verb("migrate", applied, migrate, nothing, target=target)


def trials_of(
    everything: bool, sample: int | None, chance: random.Random
) -> Callable[[int], Iterator[tuple[int, str, When]]]:
    """Choose faults and positions."""

    def each(requests: int) -> Iterator[tuple[int, str, When]]:
        grid = [(at, *fault) for at in range(1, requests + 1) for fault in FAULTS]
        if not everything:  # each position once, the kinds in turn from a random one on
            first = chance.randrange(len(FAULTS))
            kinds = [FAULTS[(first + n) % len(FAULTS)] for n in range(max(requests, len(FAULTS)))]
            grid = [(1 + n % requests, *kind) for n, kind in enumerate(kinds)]
        yield from chance.sample(grid, min(sample, len(grid))) if sample else grid

    return each


def main() -> None:
    """Play the trials that the command line asks for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="each kind at each position")
    parser.add_argument("--sample", type=int, help="so many trials of each command")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--verb", action="append", help="only this command; repeatable")
    given = parser.parse_args()
    began = time.monotonic()
    trials = trials_of(given.all, given.sample, random.Random(given.seed))
    print(f"{len(FAULTS)} kinds of faults, seed {given.seed}")
    print("| command | requests | trials | struck | doubled | lost | unplanned deletes", end="")
    print(" | other differences | tracebacks | untruthful exits |\n" + "|---" * 10 + "|")
    clean = True
    with (
        mock.patch("reconciler.client.retries._SECOND", 0.01),
        # else ids differ from trial to trial
        mock.patch(
            "reconciler.migration.ends._stack", lambda *_: f"migrated-{ORGANIZATION[:8]}-1a2b"
        ),
        laboratory(
            BLOCK + BEFORE,
            BLOCK + AFTER,
            FaultingProxy,
            "--organization",
            f"{TARGET}={TARGET_KEY}",
        ) as lab,
    ):
        for verb in verbs(lab):
            if given.verb and verb.name not in given.verb:
                continue
            line = try_all(verb, trials)
            print(line.row(), flush=True)
            clean &= line.figures.clean and not (line.tracebacks or line.untruthful)
            for failure in line.figures.failures:
                print(failure, file=sys.stderr)
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
