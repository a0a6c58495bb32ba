"""Kill apply before and after every write request, run it again, and look at what is there.

``python -m tests.crash`` tries every request at both moments, ``--sample N`` some of them. Each
trial begins with the same rows and the same folder, and must end like a run that nobody disturbed:
no row twice, none missing, none deleted that was to stay, the same values, the same bindings.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import orjson
import psycopg
from psycopg import sql

from reconciler.sandbox.cluster import running_cluster
from tests.commandline import failed_inside, run
from tests.comparable import Row, State, rows_of, state_of
from tests.crash_scenario import AFTER, BEFORE
from tests.killing_proxy import KillingProxy, Moment
from tests.organization import Organization
from tests.sandbox_server import ROOT, running_sandbox
from tests.server import make_all_tables, switches_in

ORGANIZATION = "0c7a5000-0000-4000-8000-000000000001"
KEY = "crash-key"
ALLOWED = "deletes,updates,referenced,billing-create,billing-delete,cascade,invites"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a command in a process of its own ended, and what it wrote to stderr."""

    code: int
    words: str


@dataclass(slots=True)
class Figures:
    """What all trials found; what ``clean`` does not look at is no harm.

    A binding is left over where the run died between a delete and the bindings: the next plan
    names it, and says that it can be removed.
    """

    trials: int = 0
    killed: int = 0
    doubled: int = 0
    lost: int = 0
    unplanned_deletes: int = 0
    differences: int = 0
    tracebacks: int = 0
    left_over_bindings: int = 0
    failures: list[str] = field(default_factory=list)

    def count(self, trial: str, stopped: Stopped) -> None:
        """Count a trial: whether the command was killed, and whether it lost its composure."""
        self.trials += 1
        self.killed += stopped.code == -signal.SIGKILL
        if failed_inside(stopped.words):
            self.tracebacks += 1
            self.failures.append(f"{trial}: {stopped.words}")

    def __str__(self) -> str:
        return (
            f"{self.trials} trials, {self.killed} killed: {self.doubled} doubled,"
            f" {self.lost} lost, {self.unplanned_deletes} unplanned deletes,"
            f" {self.differences} other differences, {self.tracebacks} tracebacks;"
            f" {self.left_over_bindings} bindings left over"
        )

    @property
    def clean(self) -> bool:
        """Tell whether every trial ended as the undisturbed run did."""
        return not (
            self.failures
            or self.doubled
            or self.lost
            or self.unplanned_deletes
            or self.differences
            or self.tracebacks
        )


@dataclass(frozen=True, slots=True)
class Laboratory:
    """An organization that can be set back, the folder to apply, and the proxy to it."""

    organization: Organization
    proxy: KillingProxy
    folder: Path
    start: Mapping[str, list[Row]]

    def fresh_folder(self) -> Path:
        """Set rows and files back to the beginning; gives the folder to apply."""
        self.put_back()
        used = self.folder.with_name("used")
        shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(self.folder, used)
        return used

    def apply_alone(self, folder: Path, nth: int, moment: Moment) -> Stopped:
        """Apply in a process that is killed at its n-th write request."""
        return self.alone(self.arguments(folder), nth, moment)

    def process(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """Begin a command in a process of its own, behind the proxy."""
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **self.environment(self.proxy.url)},
        )

    def alone(self, arguments: Sequence[str], nth: int, moment: Moment) -> Stopped:
        """Run a command that is killed at its n-th write request; 0 kills at none."""
        self.proxy.arm(nth, moment)
        with self.process(arguments) as process:
            self.proxy.pid = process.pid
            _, words = process.communicate(timeout=PATIENCE)
        self.proxy.wait_until_settled()
        return Stopped(process.returncode, words.decode(errors="replace"))

    def killed_after(self, arguments: Sequence[str], seconds: float) -> Stopped:
        """Run a command that is killed after so many seconds, where it has not ended before."""
        self.proxy.arm(0, "before")
        with self.process(arguments) as process:
            try:
                _, words = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                _, words = process.communicate()
        self.proxy.wait_until_settled()
        return Stopped(process.returncode, words.decode(errors="replace"))

    def apply_again(self, folder: Path) -> str:
        """Apply in this process, undisturbed; gives its words where it did not end well."""
        done = run(*self.arguments(folder), environment=self.environment(self.organization.url))
        return "" if done.code == 0 else done.all

    def arguments(self, folder: Path) -> tuple[str, ...]:
        """Give the arguments of apply."""
        return ("apply", str(folder), "--auto-approve", "--allow", ALLOWED)

    def environment(self, url: str) -> dict[str, str]:
        """Give the settings that reach the organization."""
        key = self.organization.key
        return {"BOOKINGMOOD_API_URL": url, "BOOKINGMOOD_API_KEY": key, "NO_COLOR": "1"}

    def put_back(self) -> None:
        put_back(self.organization, self.start)


def put_back(organization: Organization, start: Mapping[str, list[Row]]) -> None:
    """Set the rows of an organization back."""
    schema = f"org_{organization.id.replace('-', '')}"
    with organization.database.transaction():
        cursor = organization.database.cursor()
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "select table_name, array_agg(column_name::text) from information_schema.columns"
            " where table_schema = %s and is_generated = 'NEVER' group by 1",
            (schema,),
        )
        for kind, columns in cursor.fetchall():
            table = sql.Identifier(schema, kind)
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            statement = sql.SQL(
                "insert into {t} ({n}) select {n} from jsonb_populate_recordset(null::{t}, %s)"
            ).format(t=table, n=names)
            cursor.execute(sql.SQL("delete from {}").format(table))
            cursor.execute(statement, (orjson.dumps(start[kind]).decode(),))


@contextmanager
def laboratory(
    before: str = BEFORE,
    after: str = AFTER,
    kind_of_proxy: type[KillingProxy] = KillingProxy,
    *options: str,
) -> Iterator[Laboratory]:
    """Start everything, and make the rows that every trial begins with.

    ``options`` go to the sandbox; a seed is for the first organization that they name.
    """
    with (
        TemporaryDirectory() as temporary,
        running_cluster(None) as database_url,
        running_sandbox(
            "--database-url",
            database_url,
            *options,
            "--organization",
            f"{ORGANIZATION}={KEY}",
            "--unique",
            "coupons.code",
        ) as sandbox,
        psycopg.connect(database_url, autocommit=True) as database,
        httpx.Client(trust_env=False) as http,
        kind_of_proxy.running(sandbox.url) as proxy,
    ):
        organization = Organization(ORGANIZATION, KEY, sandbox.url, http, database)
        organization.rows("organizations")  # it begins when it is first asked for
        make_all_tables(database, ORGANIZATION, switches_in((*options, "--unique", "coupons.code")))
        organization.empty()
        organization.insert("contacts", first_name="Not", last_name="Ours", email="not@ours.test")
        folder = Path(temporary) / "villa"
        folder.mkdir()
        file = folder / "bookingmood.yaml"
        file.write_text(before, encoding="utf-8")
        seeding = Laboratory(organization, proxy, folder, {})
        problem = seeding.apply_again(folder)
        assert not problem, problem
        shutil.rmtree(folder / ".reconciler")
        file.write_text(after, encoding="utf-8")
        yield Laboratory(organization, proxy, folder, rows_of(organization))


def crash(figures: Figures, sample: int | None = None) -> None:
    """Execute the trials, evenly spread where only a sample is wanted."""
    with laboratory() as lab:
        undisturbed = lab.fresh_folder()
        before = state_of(lab.organization, undisturbed)
        assert lab.apply_alone(undisturbed, 0, "before").code == 0
        writes = lab.proxy.writes
        expected = state_of(lab.organization, undisturbed)
        moments: tuple[Moment, ...] = ("before", "after")
        trials = [(n, moment) for n in range(1, writes + 1) for moment in moments]
        print(f"{writes} write requests, {len(trials)} moments to be killed at", file=sys.stderr)
        assert writes >= 60
        for n, moment in spread(trials, sample):
            folder, trial = lab.fresh_folder(), f"killed {moment} write {n}"
            figures.count(trial, lab.apply_alone(folder, n, moment))
            if words := lab.apply_again(folder):
                figures.failures.append(f"{trial}, the second run said: {words}")
            compare(figures, trial, before, expected, state_of(lab.organization, folder))


def spread(
    trials: Sequence[tuple[int, Moment]], sample: int | None
) -> Iterator[tuple[int, Moment]]:
    count = min(sample or len(trials), len(trials))
    for number in range(count):
        yield trials[number * len(trials) // count]


def compare(figures: Figures, trial: str, before: State, expected: State, found: State) -> None:
    """Count what is not as after an undisturbed run."""
    for key in sorted(expected.keys() | found.keys()):
        wanted, there = expected.get(key, []), found.get(key, [])
        if Counter(wanted) == Counter(there):
            continue
        if key[0] == "bindings" and not wanted and key in before:
            figures.left_over_bindings += 1
            continue
        figures.failures.append(f"{trial}: {' '.join(key)}: wanted {wanted}, found {there}")
        if len(there) > len(wanted):
            figures.doubled += len(there) - len(wanted)
        elif len(there) < len(wanted) and key in before:
            figures.unplanned_deletes += 1
        elif len(there) < len(wanted):
            figures.lost += 1
        else:
            figures.differences += 1


def main() -> None:
    """Execute the trials that the command line asks for, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="try only so many of the moments")
    arguments = parser.parse_args()
    figures, began = Figures(), time.monotonic()
    crash(figures, arguments.sample)
    for failure in figures.failures:
        print(failure, file=sys.stderr)
    print(f"{figures} ({time.monotonic() - began:.0f} s)")
    sys.exit(0 if figures.clean else 1)


if __name__ == "__main__":
    main()
