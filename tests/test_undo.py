"""Undo takes a run back: every column that the server does not write is as before."""

import os
import signal
import subprocess
import sys

import pytest

from reconciler.journal.read import past_runs
from tests.commandline import Workspace
from tests.killing_proxy import KillingProxy, Moment
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.undoing import EVERYTHING, Rows, snapshot, undo

BEFORE = """\
contacts:
  jane: {email: jane@example.test, first_name: Jane}
  john: {email: john@example.test, first_name: John}
  anna: {email: anna@example.test, first_name: Anna}
bookings:
  summer: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
  winter: {reference: W, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: summer}
  - {contact_id: john, booking_id: winter}
services:
  breakfast: {type: multiple-choice, label: {default: Breakfast}}
  eggs: {type: multiple-choice-option, parent_id: breakfast, label: {default: Eggs}}
"""
AFTER = """\
contacts:
  jane: {email: jane@example.test, first_name: Changed, meta: [{key: a, value: b}]}
  anna: {email: anna@example.test, first_name: Anna}
  new: {email: new@example.test}
bookings:
  summer: {reference: S, currency: USD, display_currency: USD, exchange_rate: 1.5, silent: true}
  autumn: {reference: A, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: autumn}
  - {contact_id: new, booking_id: summer}
"""


@pytest.fixture
def changed(workspace: Workspace, organization: Organization) -> Rows:
    """Apply one configuration, edit what YAML does not name, apply another; gives what was."""
    workspace.write(BEFORE)
    workspace.apply()
    for email, notes in (("jane", "allergic to cats"), ("john", "pays late")):
        row = organization.one("contacts", f"email=eq.{email}@example.test")
        organization.change("contacts", row["id"], notes=notes, city="Oslo", phone="+47 1")
    before = snapshot(organization)
    workspace.write(AFTER)
    workspace.apply("--allow", EVERYTHING)
    assert snapshot(organization) != before
    return before


def last_run(workspace: Workspace) -> str:
    """Give the name of the second run, as people read it."""
    return workspace.run("undo", "--list").out.splitlines()[1].split()[0]


def test_creates_updates_and_deletes_with_links_are_taken_back(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    words = undo(workspace)
    assert snapshot(organization) == changed
    assert "Applied: " in words


def test_it_asks_for_the_same_consents(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    after = organization.state()
    assert "--allow deletes" in undo(workspace, allow="notifies", code=4)
    assert organization.state() == after


def test_what_is_protected_is_not_deleted_by_undo_either(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    workspace.write(f"reconciler: {{stack: {workspace.stack}, protect: [contacts.new]}}\n")
    after = organization.state()
    assert "protected" in undo(workspace, code=4)
    assert organization.state() == after


def test_rows_that_were_changed_since_stay(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    jane = organization.one("contacts", "email=eq.jane@example.test")
    new = organization.one("contacts", "email=eq.new@example.test")
    organization.change("contacts", jane["id"], first_name="Somebody Else")
    organization.change("contacts", new["id"], notes="a regular by now")
    words = undo(workspace)
    assert "contacts.new: the row was changed since, so it stays" in words
    assert "contacts.jane: the row was changed since, so it stays" in words
    there = organization.one("contacts", "email=eq.jane@example.test")
    assert there["first_name"] == "Somebody Else"
    assert organization.one("contacts", "email=eq.new@example.test")["notes"] == "a regular by now"


def test_a_row_that_somebody_booked_since_stays_with_its_booking(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    new = organization.one("contacts", "email=eq.new@example.test")
    organization.book_as(new["id"])
    words = undo(workspace, allow=EVERYTHING.replace("referenced,", ""), code=4)
    assert "referenced" in words
    assert organization.rows("contacts", f"id=eq.{new['id']}")


def test_the_runs_are_listed_and_chosen(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    listed = workspace.run("undo", "--list").out.splitlines()
    assert len(listed) == 2
    assert all("ended" in line for line in listed)
    second = listed[1].split()[0]
    undo(workspace, "--run", second)
    assert snapshot(organization) == changed
    assert f"undid {second}" in workspace.run("undo", "--list").out.splitlines()[2]
    assert "there is no run nonsense" in undo(workspace, "--run", "nonsense", code=1)


def test_undoing_an_undo_does_it_again(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    after = snapshot(organization)
    undo(workspace)
    undo(workspace)
    assert snapshot(organization) == after


def test_a_second_undo_of_the_same_run_finds_nothing(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    run = last_run(workspace)
    undo(workspace, "--run", run)
    undo(workspace, "--run", run)
    assert snapshot(organization) == changed


def test_what_the_server_refused_was_not_done_and_is_not_undone(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("coupons", code="TAKEN", definition={}, scope="product")
    workspace.write("coupons: {a: {code: A}, b: {code: B}}")
    workspace.apply()
    before = snapshot(organization)
    workspace.write("coupons: {a: {code: C, description: x}, b: {code: B, quota: 4}}")
    workspace.apply()
    undo(workspace)
    assert snapshot(organization) == before


def test_a_run_that_changed_nothing_is_not_the_last_one(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    run = last_run(workspace)
    key = workspace.environment["BOOKINGMOOD_API_KEY"]
    workspace.environment["BOOKINGMOOD_API_KEY"] = "first-reader-key"
    words = undo(workspace, code=1)
    assert f"taking back run {run}" in words
    assert "Nothing was changed: 0 done" in words
    workspace.environment["BOOKINGMOOD_API_KEY"] = key
    assert f"taking back run {run}" in undo(workspace)
    assert snapshot(organization) == changed


def test_what_is_taken_back_already_is_said_to_be(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    run = last_run(workspace)
    undo(workspace, "--run", run)
    assert "Nothing to take back" in undo(workspace, "--run", run)
    assert "no run that changed anything" in undo(workspace, "--journal", "nowhere", code=1)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 3, 5, 7, 9])
def test_a_run_that_was_killed_is_taken_back(
    workspace: Workspace, organization: Organization, nth: int, moment: Moment
) -> None:
    workspace.write(BEFORE)
    workspace.apply()
    before = snapshot(organization)
    workspace.write(AFTER)
    with KillingProxy.running(organization.url) as proxy:
        proxy.arm(nth, moment)
        environment = {**workspace.environment, "BOOKINGMOOD_API_URL": proxy.url}
        command = ["apply", str(workspace.folder), "--auto-approve", "--allow", EVERYTHING]
        with subprocess.Popen(
            [sys.executable, "-m", "reconciler", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **environment},
        ) as process:
            proxy.pid = process.pid
            assert process.wait(60) == -signal.SIGKILL
        proxy.wait_until_settled()
    journal = past_runs(workspace.folder / ".reconciler" / "journal")[-1]
    with journal.open("a") as file:
        file.write('{"type": "outcome", "requ')  # the machine went down in the middle of a line
    undo(workspace)
    assert snapshot(organization) == before


def test_a_booking_that_comes_back_may_tell_the_guest(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(BEFORE.replace(", silent: true", "", 1))
    workspace.apply()
    workspace.write("seasons: {}")
    workspace.apply("--allow", EVERYTHING)
    assert "Notice (notifies): 1 change of bookings" in undo(workspace)
