"""One writer: edits, plans, applies, pulls and undoes, one organization after the other."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import orjson

from tests.commandline import Finished, failed_inside
from tests.faulting_proxy import FAULTS, FaultingProxy
from tests.killing_proxy import KillingProxy
from tests.sandbox_server import ROOT
from tests.soak.expected import Differences
from tests.soak.home import Home
from tests.undoing import EVERYTHING

CHANGES = ("--auto-approve", "--allow", EVERYTHING)
KEPT = 2
"""So many journals are kept, and those that are still needed."""
ANY = frozenset({0, 1, 2, 3, 4, 5, 130})
PATIENCE = 300.0


class BrokenError(Exception):
    """Something that must hold does not."""


@dataclass(slots=True)
class Writer:
    """A writer with a home in each organization, and two proxies that play it tricks."""

    name: str
    homes: Sequence[Home]
    faulting: FaultingProxy
    killing: KillingProxy
    chance: Random
    counts: Counter[str] = field(default_factory=Counter)
    differences: Differences = field(default_factory=Differences)

    def step(self) -> None:
        """Do one thing in one organization; raises BrokenError."""
        home = self.chance.choice(self.homes)
        for _ in range(self.chance.randrange(7)):
            home.edit(self.chance)
            self.counts["edits"] += 1
        if self.chance.random() < 0.2:
            self.counts["edits by hand"] += home.edit_by_hand(self.chance)
        steps: tuple[Callable[[Home], None], ...] = (
            self.plan, self.apply, self.apply, self.apply_over_a_fault, self.apply_over_a_fault,
            self.apply_killed, self.undo, self.pull,
        )  # fmt: skip
        what = self.chance.choice(steps)
        try:
            what(home)
            self.check(home)
        except BrokenError as error:
            raise BrokenError(f"{home.folder.name} {what.__name__}: {error}") from None

    def plan(self, home: Home) -> None:
        """Plan, which changes nothing."""
        self.run(home, "plan", codes={0})

    def apply(self, home: Home) -> None:
        """Apply; then there is nothing more to do."""
        self.run(home, "apply", *CHANGES, "--keep", str(KEPT), codes={0})
        home.live = home.wanted()
        home.commit()
        self.run(home, "plan", "--detailed-exitcode", codes={0})

    def apply_over_a_fault(self, home: Home) -> None:
        """Apply while the line plays a fault, then again without."""
        fault, when = self.chance.choice(FAULTS)
        self.faulting.play(fault, when, self.chance.randrange(1, 65))
        self.run(home, "apply", *CHANGES, "--retry-for", "3", url=self.faulting.url, codes=ANY)
        self.faulting.wait_until_settled()
        self.counts["faults"] += self.faulting.seen >= self.faulting.at
        self.apply(home)

    def apply_killed(self, home: Home) -> None:
        """Kill apply at a write, then apply again."""
        self.kill(home, "apply", *CHANGES)
        self.apply(home)

    def undo(self, home: Home) -> None:
        """Apply, and take it back, perhaps after an undo that was killed."""
        changes = self.changes(home)
        gone = {str(one["kind"]) for one in changes if one["action"] == "delete"}
        before = home.live
        self.apply(home)
        acts = {one["action"] for one in changes}
        if not acts & {"create", "update", "delete"} or "products" in gone:
            return  # there is nothing to take back, or the server numbers what comes back
        last = max((home.folder / ".reconciler" / "journal").glob("*.jsonl")).stem
        if self.chance.random() < 0.4:
            self.kill(home, "undo", *CHANGES, "--run", last)
        self.run(home, "undo", *CHANGES, "--run", last, codes={0})
        home.live = before

    def pull(self, home: Home) -> None:
        """Take what changed live into the files; conflicts are for the files."""
        done = self.run(home, "pull", "--base", "HEAD", codes={0, 6})
        self.counts["conflicts"] += done.code == 6
        home.yaml.read_back()
        home.write()

    # -- what must hold ---------------------------------------------------------------------------

    def check(self, home: Home) -> None:
        """See that live is what it should be; raises BrokenError."""
        seen = len(self.differences.words)
        self.differences.compare(home.folder.name, home.live, home.found())
        if words := self.differences.words[seen:]:
            raise BrokenError("; ".join(words[:5]))

    # -- the rest ---------------------------------------------------------------------------------

    def changes(self, home: Home) -> list[dict[str, object]]:
        """Plan, and give the changes."""
        done = self.run(home, "plan", "--format", "json", codes={0})
        changes: list[dict[str, object]] = orjson.loads(done.out)["changes"]
        return changes

    def run(
        self,
        home: Home,
        command: str,
        *options: str,
        codes: set[int] | frozenset[int],
        url: str = "",
    ) -> Finished:
        """Run a command that must end in one of some ways."""
        process = self.start(home, command, *options, url=url)
        out, err = process.communicate(timeout=PATIENCE)
        self.counts[command] += 1
        if process.returncode not in codes or failed_inside(out + err):
            raise BrokenError(
                f"{command} ended with {process.returncode}: {out[-600:]} {err[-900:]}"
            )
        return Finished(process.returncode, out, err)

    def kill(self, home: Home, command: str, *options: str) -> None:
        """Run a command that the proxy kills at a write, if it gets there."""
        self.killing.arm(self.chance.randrange(1, 5), self.chance.choice(("before", "after")))
        process = self.start(home, command, *options, url=self.killing.url)
        self.killing.pid = process.pid
        process.communicate(timeout=PATIENCE)
        self.killing.wait_until_settled()
        self.counts[command] += 1
        self.counts["kills"] += process.returncode < 0

    def start(
        self, home: Home, command: str, *options: str, url: str = ""
    ) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        there = {"BOOKINGMOOD_API_URL": url} if url else {}
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", command, str(home.folder), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **home.environment, **there},
        )
