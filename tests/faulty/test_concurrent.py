"""Two runs at once end as one would have, and each says truthfully what it did."""

import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

from tests.commandline import Document, Workspace
from tests.comparable import state_of
from tests.conftest import workspace_for
from tests.faulty.server import FaultyServer
from tests.organization import Organization

ALLOWED = "deletes,updates,referenced"
ENDINGS = {"done", "failed", "stale", "skipped"}
BEFORE = """\
bookings:
  summer: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
  winter: {reference: W, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
services:
  breakfast: {type: multiple-choice, label: {default: Breakfast}}
  eggs: {type: multiple-choice-option, parent_id: breakfast, label: {default: Eggs}}
  jam: {type: multiple-choice-option, parent_id: breakfast, label: {default: Jam}}
attributes:
  comfort: {name: {default: Comfort}, order: 1, type: multi-select}
"""
AFTER = """\
bookings:
  summer: {reference: S, currency: USD, display_currency: EUR, exchange_rate: 2, silent: true}
  autumn: {reference: A, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
services:
  breakfast: {type: multiple-choice, label: {default: Breakfast, nl-NL: Ontbijt}}
  ham: {type: multiple-choice-option, parent_id: breakfast, label: {default: Ham}}
attributes:
  comfort: {name: {default: Comfort}, order: 2, type: multi-select}
contact_bookings:
  - {contact_id: c9, booking_id: summer}
  - {contact_id: c12, booking_id: autumn}
"""


def contacts(first: int, last: int, word: str) -> str:
    """Write contacts of which every other has notes of its own, the rest all the same."""
    lines = ["contacts:"]
    for n in range(first, last):
        notes = f"{word} {n}" if n % 2 else word
        lines.append(f"  c{n}: {{email: c{n}@example.test, notes: {notes}}}")
    return "\n".join(lines) + "\n"


def start(workspace: Workspace, *options: str) -> subprocess.Popen[str]:
    return workspace.start("apply", "--auto-approve", "--format", "json", *options)


def events(process: subprocess.Popen[str]) -> list[Document]:
    """Wait for the end, and read what was said; nothing may have failed."""
    said, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, said + complaints
    return [orjson.loads(line) for line in said.splitlines()]


def seeded(organization: Organization, folder: Path) -> Workspace:
    workspace = workspace_for(organization, folder)
    workspace.write(contacts(0, 20, "before") + BEFORE)
    workspace.apply("--allow", ALLOWED)
    workspace.write(contacts(5, 30, "after") + AFTER)
    return workspace


def copied(workspace: Workspace, name: str) -> Workspace:
    folder = workspace.folder.with_name(name)
    shutil.copytree(workspace.folder, folder)
    return Workspace(folder, workspace.environment)


@pytest.mark.parametrize("latency", [0, 5, 20, 40])
def test_two_runs_of_the_same_files(
    faulty: FaultyServer, organization: Organization, tmp_path: Path, latency: int
) -> None:
    alone = seeded(organization, tmp_path / "alone")
    alone.apply("--allow", ALLOWED)
    expected = state_of(organization)

    organization.empty()
    one = seeded(organization, tmp_path / "one")
    two = copied(one, "two")
    if latency:
        faulty.put(f"latency={latency}ms,rate=0.7")
    running = [start(workspace, "--allow", ALLOWED) for workspace in (one, two)]
    told = [events(process) for process in running]
    faulty.put()
    assert state_of(organization) == expected
    assert one.actions() == two.actions() == []
    did = [_did(said) for said in told]
    assert not did[0] & did[1] & {line for line in did[0] if line.startswith("create")}


def _did(said: list[Document]) -> set[str]:
    """Say what a run says that it did itself."""
    return {
        f"{one['action']} {one['address'] or one['id']}"
        for one in said
        if one["event"] == "done" and not one["message"]
    }


def test_two_runs_in_the_same_folder_keep_two_journals(
    faulty: FaultyServer, organization: Organization, tmp_path: Path
) -> None:
    workspace = seeded(organization, tmp_path / "villa")
    faulty.put("latency=10ms,rate=0.7")
    running = [start(workspace, "--allow", ALLOWED) for _ in range(2)]
    for process in running:
        events(process)
    faulty.put()
    assert workspace.actions() == []
    listed = workspace.run("undo", "--list").out.splitlines()
    assert all("ended" in line for line in listed)


def test_two_runs_of_different_values_never_mix_one_row(
    faulty: FaultyServer, organization: Organization, tmp_path: Path
) -> None:
    text = "contacts:\n" + "".join(
        f"  c{n}: {{email: c{n}@example.test, first_name: NAME, last_name: NAME}}\n"
        for n in range(20)
    )
    one = workspace_for(organization, tmp_path / "one")
    one.write(text.replace("NAME", "Before"))
    one.apply()
    two = copied(one, "two")
    one.write(text.replace("NAME", "One"))
    two.write(text.replace("NAME", "Two"))
    faulty.put("latency=15ms,rate=0.7")
    running = [start(workspace, "--allow", "updates") for workspace in (one, two)]
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode in {0, 5}
    names = {(row["first_name"], row["last_name"]) for row in organization.rows("contacts")}
    assert names <= {("One", "One"), ("Two", "Two")}
