"""The engine as a state machine: any order of edits, plans, applies, faults, undos and exports.

``python -m tests.engine_machine`` tries many long stories, also such in which apply is killed;
``tests/test_engine_machine.py`` a few short ones. What must hold is looked at in every step: only
what the plan says is created, changed or deleted; rows of others stay as they are; after an apply
there is nothing left to apply.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

import orjson
import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from reconciler.kind import JSON
from tests.commandline import Document, Workspace, run
from tests.conftest import FIRST, Server, environment_for, running_server
from tests.front import Cut, Forward, Reply, Request, front
from tests.killing_proxy import KillingProxy
from tests.organization import Organization
from tests.undoing import EVERYTHING, Rows, snapshot

KEYS = st.sampled_from(["a", "b", "c", "d"])
WORDS = st.sampled_from(["one", "two", "three"])
KINDS = st.sampled_from(["contacts", "coupons", "services", "taxes", "products", "bookings"])
Blocks = dict[str, dict[str, dict[str, JSON]]]
WRITES = {"POST", "PATCH", "DELETE"}


def row_of(kind: str, name: str, word: str) -> dict[str, JSON]:
    """Write the values of a row that people would call ``name``."""
    text: dict[str, JSON] = {"default": name}
    money: dict[str, JSON] = {"currency": "EUR", "display_currency": "EUR", "silent": True}
    rows: Mapping[str, dict[str, JSON]] = {
        "contacts": {"email": f"{name}@example.test", "first_name": word},
        "coupons": {"code": name.upper(), "description": word},
        "services": {"type": "checkbox", "label": text, "description": {"default": word}},
        "taxes": {"label": text, "percentage": len(word)},
        "products": {
            "name": text, "rent_period": "daily", "timezone": "UTC", "cooldown_time": len(word),
        },
        "bookings": {"reference": name, "exchange_rate": len(word), **money},
    }  # fmt: skip
    return rows[kind]


EDITED = {
    "contacts": "notes", "coupons": "description", "bookings": "terms_and_conditions",
}  # fmt: skip
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
        self.blocks: Blocks = {}
        self.foreign: dict[str, object] = {}
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
        """Write a block, or other values into it."""
        old = self.blocks.setdefault(kind, {}).get(key, {})
        new = row_of(kind, f"{kind}-{key}", word)
        names = {"email", "code", "label", "name", "reference"} & new.keys()
        kept = {name: old[name] for name in names if name in old}  # a renamed one keeps its name
        self.blocks[kind][key] = {**old, **new, **kept}
        self.write()

    @rule(kind=KINDS, key=KEYS)
    def remove(self, kind: str, key: str) -> None:
        """Take a block out."""
        self.blocks.get(kind, {}).pop(key, None)
        self.write()

    @rule(kind=KINDS, key=KEYS)
    def rename(self, kind: str, key: str) -> None:
        """Give a block another key."""
        found = self.blocks.get(kind, {}).pop(key, None)
        if found is not None:
            self.number += 1
            self.blocks[kind][f"r{self.number}"] = found
        self.write()

    # -- others -----------------------------------------------------------------------------------

    @rule(kind=KINDS, word=WORDS)
    def somebody_makes_a_row(self, kind: str, word: str) -> None:
        """Make a row that the YAML does not name."""
        self.number += 1
        values = row_of(kind, f"foreign-{self.number}", word)
        values.pop("cooldown_time", None)  # no product is made with it
        row = self.organization.insert(kind, **values)
        self.foreign[f"{kind}[{row['id']}]"] = snapshot(self.organization)[f"{kind}[{row['id']}]"]

    @rule(kind=st.sampled_from(sorted(EDITED)))
    def somebody_edits_a_row(self, kind: str) -> None:
        """Edit a row by hand."""
        for row in self.organization.rows(kind)[:1]:
            if f"{kind}[{row['id']}]" not in self.foreign:
                self.number += 1
                text = f"by hand {self.number}"
                self.organization.change(kind, row["id"], **{EDITED[kind]: text})

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
            said = self.workspace.run("apply", *options)
        assert said.code in {0, 1, 5}, said.all
        self.check_within(before, plan)
        self.workspace.apply("--allow", EVERYTHING)
        self.check_done(before, plan)

    @precondition(lambda self: self.proxy is not None)
    @rule(nth=st.integers(1, 8))
    def apply_is_killed(self, nth: int) -> None:
        """Kill apply, then apply again."""
        before, plan = snapshot(self.organization), self.plan()
        assert self.proxy
        kill_with(self.proxy, self.workspace, nth)
        self.check_within(before, plan)
        self.workspace.apply("--allow", EVERYTHING)
        self.check_done(before, plan)

    @rule()
    def apply_and_undo(self) -> None:
        """Take an apply back."""
        before = snapshot(self.organization)
        plan = self.plan()
        self.workspace.apply("--allow", EVERYTHING)
        gone = {c["kind"] for c in changes(plan) if c["action"] == "delete"}
        if not any(change["action"] in {"create", "update", "delete"} for change in changes(plan)):
            return
        done = self.workspace.run("undo", "--auto-approve", "--allow", EVERYTHING)
        assert done.code == 0, done.all
        if "products" not in gone:  # what the server numbers cannot come back
            assert snapshot(self.organization) == before

    @rule()
    def export(self) -> None:
        """Bring the folder in line with what is live: what is left was written, not applied."""
        before = self.organization.state()
        done = run("export", "--out", self.folder, environment=self.workspace.environment)
        assert done.code == 0, done.all
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
            self.number += 1
            key = f"{kind}.i{self.number}"
            done = run("import", key, row_id, self.folder, environment=self.workspace.environment)
            assert done.code == 0, done.all
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

    # -- the files --------------------------------------------------------------------------------

    def write(self) -> None:
        """Write all blocks into one file."""
        lines = (f"{kind}: {orjson.dumps(rows).decode()}\n" for kind, rows in self.blocks.items())
        self.workspace.write("".join(lines))

    def read_back(self) -> None:
        """Read the blocks that a command has written, and put them into one file again."""
        self.blocks = {}
        for path in sorted(self.folder.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            for kind, rows in (yaml.load(text, yaml.CSafeLoader) or {}).items():
                if kind != "reconciler":
                    self.blocks.setdefault(kind, {})
                    self._merge(kind, rows)
            if path.name != "bookingmood.yaml":
                path.unlink()
        self.write()

    def _merge(self, kind: str, rows: object) -> None:
        if isinstance(rows, dict):
            self.blocks[kind].update(cast("dict[str, dict[str, JSON]]", rows))
        else:
            self.blocks[kind] = cast("dict[str, dict[str, JSON]]", rows)


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
        running_server(Path(folder), [f"{FIRST}=first-key"]) as server,
    ):
        yield server


def try_stories(server: Server, *, stories: int, steps: int, derandomize: bool) -> None:
    """Run the machine on a server."""
    Engine.server = server
    run_machine(
        Engine,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # to shrink a story takes longer than to read it
        ),
    )


def kill_with(proxy: KillingProxy, workspace: Workspace, nth: int) -> None:
    """Apply in a process of its own, which the proxy kills at a write."""
    proxy.arm(nth, "after" if nth % 2 else "before")
    options = ("--auto-approve", "--allow", EVERYTHING, "--api-url", proxy.url)
    with workspace.start("apply", *options) as process:
        proxy.pid = process.pid
        process.communicate(timeout=60)
    proxy.wait_until_settled()


def main() -> None:
    """Try as many stories as the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--steps", type=int, default=30)
    arguments = parser.parse_args()
    with machine_server() as server, KillingProxy.running(server.sandbox.url) as proxy:
        Engine.proxy = proxy
        stories, steps = arguments.stories, arguments.steps
        try_stories(server, stories=stories, steps=steps, derandomize=False)
    print(f"{stories} stories of up to {steps} steps: nothing doubled, lost or unplanned")


if __name__ == "__main__":
    main()
