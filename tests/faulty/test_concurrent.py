"""Two runs at once end as one would have, and each says truthfully what it did."""

import shutil
import subprocess
from pathlib import Path
from threading import Barrier

import orjson
import pytest

from reconciler.bindings import bindings_path, read_bindings
from tests.commandline import Document, Workspace
from tests.comparable import state_of
from tests.faulty.server import FaultyServer
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization
from tests.server import workspace_for

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


def test_two_runs_in_the_same_folder_take_turns_and_keep_two_journals(
    faulty: FaultyServer, organization: Organization, tmp_path: Path
) -> None:
    workspace = seeded(organization, tmp_path / "villa")
    faulty.put("latency=10ms,rate=0.7")
    running = [start(workspace, "--allow", ALLOWED, "--lock-timeout", "60") for _ in range(2)]
    did = [_did(events(process)) for process in running]
    faulty.put()
    assert not all(did)
    assert workspace.actions() == []
    listed = workspace.run("undo", "--list").out.splitlines()
    assert all("ended" in line for line in listed)


VILLA = "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"


def test_two_runs_that_make_one_row_of_the_servers_numbering_are_stopped(
    organization: Organization, tmp_path: Path
) -> None:
    """In two clones, so that no lock helps; each creates while the other one does."""
    one, kind = workspace_for(organization, tmp_path / "one"), "products"
    one.write(VILLA + "taxes:\n  vat: {label: {default: V}, percentage: 9, type: on-top}\n")
    two = copied(one, "two")
    had = set(organization.ids(kind))
    met, made = Barrier(2, timeout=30), Barrier(2, timeout=30)

    def together(request: Request, forward: Forward) -> Reply:
        if request.method != "POST" or request.kind != kind:
            return forward(request)
        met.wait()
        reply = forward(request)
        made.wait()
        return reply

    with front(together, organization.url) as url:
        allow = ("--allow", "billing-create", "--api-url", url)
        running = [start(workspace, *allow) for workspace in (one, two)]
        told = [process.communicate(timeout=60) for process in running]
    new = set(organization.ids(kind)) - had
    assert len(new) == 2
    for process, (said, _) in zip(running, told, strict=True):
        assert process.returncode == 5
        assert f"there are 2 rows of it now: {', '.join(sorted(new))}" in said
        assert "delete all but one" in said
    organization.remove(kind, _bound_in(two, organization))
    assert one.actions() == []


def _bound_in(workspace: Workspace, organization: Organization) -> str:
    [binding] = read_bindings(bindings_path(workspace.folder, organization.id)).values()
    return binding.id


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
        assert process.returncode in {0, 1, 5}  # 1 where the other one was first everywhere
    names = {(row["first_name"], row["last_name"]) for row in organization.rows("contacts")}
    assert names <= {("One", "One"), ("Two", "Two")}
