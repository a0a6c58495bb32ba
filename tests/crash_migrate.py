"""Kill a migration before and after every write request, and at random moments; then run it again.

``python -m tests.crash_migrate`` tries all, ``--sample N`` some. Each trial begins with the same
source and the same target, of which some rows are there already, and must end as a migration that
nobody disturbed: the same rows and bindings, and verified.
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import orjson

from tests.commandline import run
from tests.comparable import rows_of, state_of
from tests.crash import Figures, Laboratory, Stopped, compare, laboratory, spread
from tests.crash_scenario import BLOCK
from tests.generated import organization, write_seed
from tests.killing_proxy import KillingProxy, Moment
from tests.two_organizations import ALLOW, SOURCE

ROWS = 200
OTHERS = BLOCK + "taxes: {own: {label: {default: Own}, percentage: 9, type: included}}\n"
"""What another stack has in the target."""
AT_RANDOM = 30


@dataclass(frozen=True, slots=True)
class Migration:
    """A laboratory whose organization is the target, and the folder with both keys."""

    lab: Laboratory
    keys: Path

    def begin(self) -> Path:
        """Set the target back; gives a folder of which only the stack is known."""
        self.lab.put_back()
        folder = self.keys / "moved"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        block = f"reconciler: {{stack: migrated-{SOURCE[:8]}-1a2b}}\n"  # else it is made up
        (folder / "bookingmood.yaml").write_text(block)
        return folder

    def arguments(self, folder: Path) -> tuple[str, ...]:
        """Give the arguments of migrate."""
        source, target = (str(self.keys / name) for name in ("source.key", "target.key"))
        keys = ("--from-key-file", source, "--to-key-file", target)
        return ("migrate", *keys, "--out", str(folder), "--auto-approve", "--allow", ALLOW)

    def again(self, folder: Path) -> str:
        """Migrate undisturbed; gives its words where it did not end well."""
        url = self.lab.organization.url
        done = run(*self.arguments(folder), environment=self.lab.environment(url))
        if done.code:
            return done.all
        report = orjson.loads((folder / "migration" / "report.json").read_bytes())
        return "" if cast("Mapping[str, object]", report)["verified"] is True else done.all


@contextmanager
def migration() -> Iterator[Migration]:
    """Start everything, and make the rows that every trial begins with."""
    with TemporaryDirectory() as temporary:
        keys = Path(temporary)
        made = organization(SOURCE, ROWS)
        made["coupons"][1]["code"] = "A-CODE-OF-ITS-OWN"  # the laboratory lets none be there twice
        seed = write_seed(keys / "seed.jsonl", made)
        options = ("--organization", f"{SOURCE}=source-key", "--seed", str(seed))
        with laboratory(OTHERS, OTHERS, KillingProxy, *options) as lab:
            (keys / "source.key").write_text("source-key")
            (keys / "target.key").write_text(lab.organization.key)
            for email in {str(row["email"]): None for row in made["contacts"]}:  # are adopted
                lab.organization.insert("contacts", email=email)
            yield Migration(replace(lab, start=rows_of(lab.organization)), keys)


def crash(figures: Figures, sample: int | None = None) -> None:
    """Execute the trials, evenly spread where only a sample is wanted."""
    with migration() as one:
        folder = one.begin()
        before = state_of(one.lab.organization, folder)
        assert one.lab.alone(one.arguments(folder), 0, "before").code == 0
        folder, began = one.begin(), time.monotonic()  # the first one found a cold server
        assert one.lab.alone(one.arguments(folder), 0, "before").code == 0
        whole, writes = time.monotonic() - began, one.lab.proxy.writes
        assert not one.again(folder)
        expected = state_of(one.lab.organization, folder)
        print(f"migrate: {writes} write requests", file=sys.stderr)

        def check(trial: str, stopped: Stopped) -> None:
            figures.count(trial, stopped)
            if words := one.again(folder):
                figures.failures.append(f"{trial}, the second run said: {words}")
            compare(figures, trial, before, expected, state_of(one.lab.organization, folder))

        moments: tuple[Moment, ...] = ("before", "after")
        for n, moment in spread([(n, m) for n in range(1, writes + 1) for m in moments], sample):
            stopped = one.lab.alone(one.arguments(one.begin()), n, moment)
            check(f"migrate killed {moment} write {n}", stopped)
        dice = random.Random(7)
        for _ in range(min(sample or AT_RANDOM, AT_RANDOM)):
            seconds = dice.uniform(0.1, 0.9) * whole
            stopped = one.lab.killed_after(one.arguments(one.begin()), seconds)
            check(f"migrate killed after {seconds:.2f} s", stopped)


def main() -> None:
    """Execute the trials that the command line asks for, and print a line of the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="try only so many of each")
    figures = Figures()
    crash(figures, parser.parse_args().sample)
    for failure in figures.failures:
        print(failure, file=sys.stderr)
    print(f"{'migrate':<8} {figures}")
    sys.exit(0 if figures.clean else 1)


if __name__ == "__main__":
    main()
