"""The engine as a state machine: any order of edits, plans, applies, faults, undos and exports.

``python -m tests.engine_machine`` tries many long stories, also such in which apply and undo are
killed; ``tests/test_engine_machine.py`` a few short ones. What must hold is looked at in every
step: only what the plan says is created, changed or deleted; rows of others stay as they are; after
an apply there is nothing left to apply, and no row of ours without a block.
"""

import argparse
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from tests.commandline import Document, Finished, Workspace, lines_of, run
from tests.engine_yaml import LINKS, Written, kinds_of, row_of
from tests.front import Cut, Forward, Reply, Request, front
from tests.killing_proxy import KillingProxy
from tests.organization import Organization
from tests.server import FIRST, Server, environment_for, running_server
from tests.undoing import EVERYTHING, Rows, snapshot

KEYS = st.sampled_from(["a", "b", "c", "d"])
WORDS = st.sampled_from(["one", "two", "three"])
KIND_NAMES = ["contacts", "coupons", "services", "taxes", "products", "bookings"]
KINDS = st.sampled_from(KIND_NAMES)
WRITES = {"POST", "PATCH", "DELETE"}
BATCH = 5
"""So many stories are begun from one seed."""

EDITED = {"contacts": "notes", "coupons": "description"}
"""A column of text that others edit by hand."""


class Engine(RuleBasedStateMachine):
    """One organization, one folder, and people who work on both."""

    server: ClassVar[Server]
    proxy: ClassVar[KillingProxy | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.organization: Organization = self.server.organization(0)
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self.workspace = Workspace(self.folder, environment_for(self.organization))
        self.yaml = Written(self.folder)
        self.foreign: dict[str, object] = {}
        self.renamed: set[tuple[str, str]] = set()
        self.number = 0
        self.write()

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- people who edit the YAML -----------------------------------------------------------------

    @initialize(kinds=st.lists(KINDS, max_size=4))
    def begin(self, kinds: list[str]) -> None:
        """Begin with a few blocks."""
        for kind in kinds:
            self.put(kind, "a", "one")

    @rule(kind=KINDS, key=KEYS, word=WORDS)
    def put(self, kind: str, key: str, word: str) -> None:
        """Write a block, or other values into it; a key that a row was renamed from stays free."""
        if (kind, key) in self.renamed:
            return
        unique = f"-{self.next()}" if kind == "coupons" else ""
        self.yaml.put(kind, key, f"{kind}-{key}{unique}", word)
        self.write()

    @rule(kind=KINDS, key=KEYS)
    def remove(self, kind: str, key: str) -> None:
        """Take a block out."""
        self.yaml.remove(kind, key)
        self.write()

    @rule(kind=KINDS, key=KEYS)
    def rename(self, kind: str, key: str) -> None:
        """Give a block another key."""
        if self.yaml.rename(kind, key, f"r{self.next()}"):
            self.renamed.add((kind, key))
        self.write()

    @rule(kind=KINDS, key=KEYS)
    def rename_and_say_so(self, kind: str, key: str) -> None:
        """Give an applied block another key and another name, with ``$renamed_from``; apply."""
        self.apply()
        new = f"w{self.next()}"
        if self.yaml.rename(kind, key, new):
            self.renamed.add((kind, key))
            block = self.yaml.rows[kind][new]
            block |= {"$renamed_from": key, **row_of(kind, f"{kind}-{new}", "two")}
            self.write()
            assert not [c for c in changes(self.plan()) if c["action"] in {"create", "delete"}]
            self.apply()
            del block["$renamed_from"]
            self.write()
            assert changes(self.plan()) == []

    @rule(kind=st.sampled_from(sorted(LINKS)), first=KEYS, second=KEYS)
    def link(self, kind: str, first: str, second: str) -> None:
        """Link two blocks."""
        self.yaml.link(kind, first, second)
        self.write()

    @rule(kind=st.sampled_from(sorted(LINKS)))
    def unlink(self, kind: str) -> None:
        """Take a link out."""
        self.yaml.unlink(kind)
        self.write()

    @rule(first=KEYS, second=KEYS, goes=st.booleans())
    def swap_codes(self, first: str, second: str, goes: bool) -> None:
        """Let two coupons change their codes, or one take that of one that goes."""
        self.yaml.swap("coupons", "code", first, second)
        if goes and first != second:
            self.yaml.remove("coupons", second)
        self.write()

    # -- others -----------------------------------------------------------------------------------

    @rule(kind=KINDS, word=WORDS)
    def somebody_makes_a_row(self, kind: str, word: str) -> None:
        """Make a row that the YAML does not name."""
        values = row_of(kind, f"foreign-{self.next()}", word)
        values.pop("cooldown_time", None)  # no product is made with it
        row = self.organization.insert(kind, **values)
        self.foreign[f"{kind}[{row['id']}]"] = snapshot(self.organization)[f"{kind}[{row['id']}]"]

    @rule(kind=st.sampled_from(sorted(EDITED)))
    def somebody_edits_a_row(self, kind: str) -> None:
        """Edit a row by hand."""
        for row in self.rows_of_ours(kind)[:1]:
            text = f"by hand {self.next()}"
            self.organization.change(kind, row, **{EDITED[kind]: text})

    @rule(kind=st.sampled_from(["contacts", "coupons", "taxes"]))
    def somebody_deletes_a_row(self, kind: str) -> None:
        """Delete one of our rows by hand."""
        for row in self.rows_of_ours(kind)[:1]:
            self.organization.remove(kind, row)

    # -- the commands -----------------------------------------------------------------------------

    @rule()
    def plan_only(self) -> None:
        """Plan: nothing is written."""
        before = self.organization.state()
        self.plan()
        assert self.organization.state() == before

    @rule()
    def apply(self) -> None:
        """Apply: what the plan says, and nothing else."""
        before, plan = snapshot(self.organization), self.plan()
        self.workspace.apply("--allow", EVERYTHING)
        self.check_done(before, plan)

    @rule(nth=st.integers(1, 6), done=st.booleans(), ever=st.booleans())
    def apply_over_a_bad_line(self, nth: int, done: bool, ever: bool) -> None:
        """Apply while answers are lost, then again."""
        before, plan = snapshot(self.organization), self.plan()
        writes = 0

        def losing(request: Request, forward: Forward) -> Reply:
            nonlocal writes
            writes += request.method in WRITES
            if writes == nth or (ever and writes > nth):
                if request.method in WRITES and done:
                    forward(request)
                raise Cut
            return forward(request)

        with front(losing, self.organization.url) as url:
            options = ("--auto-approve", "--allow", EVERYTHING, "--api-url", url)
            said = self.workspace.run("apply", *options, "--retry-for", "1")
        assert said.code in {0, 1, 5}, said.all
        self.check_within(before, plan)
        self.workspace.apply("--allow", EVERYTHING)
        self.check_done(before, plan)

    @precondition(lambda self: self.proxy is not None)
    @rule(nth=st.integers(1, 12), heard=st.booleans())
    def apply_is_killed(self, nth: int, heard: bool) -> None:
        """Kill apply, then apply again."""
        before, plan = snapshot(self.organization), self.plan()
        self.kill("apply", nth, heard)
        self.check_within(before, plan)
        self.workspace.apply("--allow", EVERYTHING)
        self.check_done(before, plan)

    @precondition(lambda self: self.proxy is not None)
    @rule(nth=st.integers(1, 8), heard=st.booleans(), kind=KINDS, key=KEYS)
    def apply_is_killed_and_a_block_renamed(
        self, nth: int, heard: bool, kind: str, key: str
    ) -> None:
        """Kill apply, give a block another key, then apply."""
        self.kill("apply", nth, heard)
        self.rename(kind, key)
        self.apply()

    @rule()
    def apply_and_undo(self) -> None:
        """Take an apply back: rows and plan are as before."""
        self.take_back(0, heard=False)

    @precondition(lambda self: self.proxy is not None)
    @rule(nth=st.integers(1, 8), heard=st.booleans())
    def undo_is_killed(self, nth: int, heard: bool) -> None:
        """Kill an undo, then finish it."""
        self.take_back(nth, heard)

    def take_back(self, nth: int, heard: bool) -> None:
        before, plan = snapshot(self.organization), self.plan()
        if not any(change["action"] in {"create", "update", "delete"} for change in changes(plan)):
            return
        self.workspace.apply("--allow", EVERYTHING)
        last = max((self.folder / ".reconciler" / "journal").glob("*.jsonl")).stem
        if nth:
            self.kill("undo", nth, heard, "--run", last)
        done = self.workspace.run("undo", "--auto-approve", "--allow", EVERYTHING, "--run", last)
        assert done.code == 0, done.all
        gone = {c["kind"] for c in changes(plan) if c["action"] == "delete"}
        if "products" not in gone:  # what the server numbers cannot come back
            assert snapshot(self.organization) == before
            assert sorted(lines_of(self.plan())) == sorted(lines_of(plan))

    @rule()
    def export(self) -> None:
        """Bring the folder in line with what is live: what is left was written, not applied."""
        before = self.organization.state()
        self.run("export", "--out", self.folder)
        self.read_back()
        self.foreign.clear()
        assert self.organization.state() == before
        left = changes(self.plan())
        assert all(change["action"] == "create" for change in left), left  # not applied yet

    @rule()
    def import_a_row(self) -> None:
        """Take over one row of others."""
        for name in list(self.foreign)[:1]:
            kind, row_id = name.rstrip("]").split("[")
            self.run("import", f"{kind}.i{self.next()}", row_id, self.folder)
            del self.foreign[name]
            self.read_back()

    # -- what must hold ---------------------------------------------------------------------------

    def plan(self) -> Document:
        """Plan, and see that rows of others are as they were made."""
        rows = snapshot(self.organization)
        for name, row in self.foreign.items():
            assert rows.get(name) == row, name
        return self.workspace.plan()

    def check_done(self, before: Rows, plan: Document) -> None:
        """See that all of a plan is done, and that nothing is left to do."""
        self.check_within(before, plan)
        after = snapshot(self.organization)
        for kind in {str(change["kind"]) for change in changes(plan)}:
            of_kind = [c for c in changes(plan) if c["kind"] == kind]
            made = [n for n in after.keys() - before.keys() if n.startswith(f"{kind}[")]
            assert len(made) == sum(c["action"] == "create" for c in of_kind)
            gone = {n for n in before.keys() - after.keys() if n.startswith(f"{kind}[")}
            assert gone >= {named(c) for c in of_kind if c["action"] == "delete"}
        again = self.plan()
        assert again["changes"] == [], again["changes"]
        there, others = Counter(kinds_of(iter(after))), Counter(kinds_of(iter(self.foreign)))
        wanted = self.yaml.count()
        for kind in (*KIND_NAMES, *LINKS):
            assert there[kind] == wanted.get(kind, 0) + others[kind], kind

    def check_within(self, before: Rows, plan: Document) -> None:
        """See that nothing was done that a plan does not say."""
        after = snapshot(self.organization)
        deleted = {named(c) for c in changes(plan) if c["action"] == "delete"}
        changed = {named(c) for c in changes(plan) if c["action"] not in {"create", "delete"}}
        kinds = {str(c["kind"]) for c in changes(plan) if c["action"] == "create"}
        assert before.keys() - after.keys() <= deleted
        made = {name.partition("[")[0] for name in after.keys() - before.keys()}
        assert made <= kinds
        assert {
            n for n in before.keys() & after.keys() if before[n] != after[n]
        } <= changed | deleted

    # -- the rest ---------------------------------------------------------------------------------

    def next(self) -> int:
        """Count on, for names that nothing has yet."""
        self.number += 1
        return self.number

    def rows_of_ours(self, kind: str) -> list[str]:
        """Give the ids of live rows that nobody else made."""
        ids = self.organization.ids(kind)
        return [row_id for row_id in ids if f"{kind}[{row_id}]" not in self.foreign]

    def run(self, *words: str | Path) -> Finished:
        """Run a command that must succeed."""
        done = run(*words, environment=self.workspace.environment)
        assert done.code == 0, done.all
        return done

    def kill(self, command: str, nth: int, heard: bool, *options: str) -> None:
        """Run a command in a process of its own, which the proxy kills at a write."""
        proxy = self.proxy
        assert proxy
        proxy.arm(nth, "after" if heard else "before")
        always = ("--auto-approve", "--allow", EVERYTHING, "--api-url", proxy.url)
        with self.workspace.start(command, *always, *options) as process:
            proxy.pid = process.pid
            process.communicate(timeout=60)
        proxy.wait_until_settled()

    def write(self) -> None:
        """Write all blocks into one file."""
        self.workspace.write(self.yaml.text())

    def read_back(self) -> None:
        """Read what a command has written, and put it into one file again."""
        self.yaml.read_back()
        self.write()


def changes(plan: Document) -> list[Document]:
    """Give the changes of a plan."""
    return cast("list[Document]", plan["changes"])


def named(change: Document) -> str:
    """Name the row of a change as a snapshot does."""
    return f"{change['kind']}[{change['id']}]"


@contextmanager
def machine_server() -> Iterator[Server]:
    """Run a sandbox for a machine of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder), [f"{FIRST}=first-key"], "--unique", "coupons.code") as server,
    ):
        yield server


def try_stories(server: Server, *, stories: int, steps: int, first: int) -> None:
    """Run the machine on a server; the same seed tells the same stories."""
    Engine.server = server
    run_machine(
        seed(first)(Engine),
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # to shrink a story takes longer than to read it
        ),
    )


def main() -> int:
    """Try as many stories as the command line asks for; a story that fails is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    stories, steps, first = arguments.stories, arguments.steps, arguments.seed
    failed = 0
    with machine_server() as server, KillingProxy.running(server.sandbox.url) as proxy:
        Engine.proxy = proxy
        for number in range(first, first + -(-stories // BATCH)):
            try:
                try_stories(server, stories=BATCH, steps=steps, first=number)
            except Exception:
                failed += 1
                traceback.print_exc()
            print(f"seed {number}: {failed} failed so far", flush=True)
    print(f"{stories} stories of up to {steps} steps: {failed} seeds with a failure")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
