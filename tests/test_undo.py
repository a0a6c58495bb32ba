"""Undo takes a run back: every column that the server does not write is as before."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.bindings import Binding, bindings_path, read_bindings
from reconciler.journal import past_runs
from reconciler.kind import JSON, load_kinds
from tests.builders import address
from tests.commandline import Workspace
from tests.conftest import Server, environment_for
from tests.front import Forward, Reply, Request, front
from tests.killing_proxy import KillingProxy, Moment
from tests.organization import Organization
from tests.sandbox_server import ROOT

EVERYTHING = "deletes,updates,referenced,billing-create,billing-delete,cascade,invites"
Rows = Mapping[str, Mapping[str, JSON]]

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


def snapshot(organization: Organization) -> Rows:
    """Give every row, without the columns that the server writes."""
    kinds = load_kinds()
    rows: dict[str, Mapping[str, JSON]] = {}
    for name, text in organization.state().items():
        kind = kinds[name]
        written = {c.name for c in kind.columns.values() if c.server_written} - {kind.id_column}
        for row in cast("list[dict[str, JSON]]", orjson.loads(text or "[]")):
            kept = {column: value for column, value in row.items() if column not in written}
            rows[f"{name}[{row[kind.id_column]}]"] = kept
    return rows


def undo(workspace: Workspace, *options: str, allow: str = EVERYTHING, code: int = 0) -> str:
    done = workspace.run("undo", "--auto-approve", "--allow", allow, *options)
    assert done.code == code, done.all
    return done.all


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
    booking = organization.insert(
        "bookings", reference="G", currency="EUR", display_currency="EUR", exchange_rate=1
    )
    organization.insert("contact_bookings", contact_id=new["id"], booking_id=booking["id"])
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
    run = workspace.run("undo", "--list").out.splitlines()[1].split()[0]
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
    run = workspace.run("undo", "--list").out.splitlines()[1].split()[0]
    key = workspace.environment["BOOKINGMOOD_API_KEY"]
    workspace.environment["BOOKINGMOOD_API_KEY"] = "first-reader-key"
    words = undo(workspace, code=5)
    assert f"taking back run {run}" in words
    assert f"undo with --run {run} to finish" in words
    workspace.environment["BOOKINGMOOD_API_KEY"] = key
    assert f"taking back run {run}" in undo(workspace)
    assert snapshot(organization) == changed


def test_what_is_taken_back_already_is_said_to_be(
    workspace: Workspace, organization: Organization, changed: Rows
) -> None:
    run = workspace.run("undo", "--list").out.splitlines()[1].split()[0]
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
    assert "notifies: 1 change of bookings" in undo(workspace)


def test_products_and_members_are_taken_away_again(
    workspace: Workspace, organization: Organization
) -> None:
    before = snapshot(organization)
    workspace.write(
        """\
products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC, cooldown_time: 2}}
members: {helper: {email: helper@example.test, name: H, language: en-US}}
permissions: [{member_id: helper, product_id: villa, bookings: none, settings: none}]
"""
    )
    workspace.apply("--allow", EVERYTHING)
    undo(workspace)
    left = snapshot(organization)
    profiles = {name for name in left.keys() - before.keys() if "user_profiles" in name}
    assert {name: left[name] for name in left.keys() - profiles} == before
    assert read_bindings(bindings_path(workspace.folder, organization.id)) == {}


def test_a_deleted_product_is_named_as_what_cannot_come_back(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}"
    )
    workspace.apply("--allow", EVERYTHING)
    workspace.write("contacts: {jane: {email: jane@example.test}}")
    workspace.apply("--allow", EVERYTHING)
    words = undo(workspace)
    assert "products.villa: the API cannot bring it back as it was" in words
    assert organization.rows("contacts") == []


def test_an_adopted_row_is_let_go_as_it_was(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.test", first_name="J", notes="n")
    organization.insert("contacts", email="john@example.test", first_name="John")
    before = snapshot(organization)
    workspace.write(
        "contacts:\n  jane: {email: jane@example.test, first_name: Jane}\n"
        "  john: {email: john@example.test, first_name: John}\n"
    )
    workspace.apply()
    bindings = bindings_path(workspace.folder, organization.id)
    assert [binding.origin for binding in read_bindings(bindings).values()] == ["adopted"] * 2
    undo(workspace)
    assert snapshot(organization) == before
    assert read_bindings(bindings) == {}


def test_a_deleted_row_gets_its_binding_back(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("contacts", email="jane@example.test", first_name="J", notes="n")
    workspace.write("contacts: {jane: {email: jane@example.test}}")
    workspace.apply()
    before = snapshot(organization)
    workspace.write("contacts: {jane: {$absent: true}}")
    workspace.apply("--allow", EVERYTHING)
    assert organization.rows("contacts") == []
    undo(workspace)
    assert snapshot(organization) == before
    there = read_bindings(bindings_path(workspace.folder, organization.id))
    assert there == {address("contacts.jane"): Binding(str(row["id"]), "adopted")}


WRITE_ONCE = """\
products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}
task_templates: {clean: {product_id: villa, label: Clean}}
members: {olga: {email: owner@example.com}}
task_template_assignees: [{task_template_id: clean, member_id: olga}]
"""


def test_a_row_that_cannot_be_read_is_taken_away_by_its_binding(
    workspace: Workspace, organization: Organization
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        assert (request.method, request.kind) != ("GET", "task_template_assignees")
        return forward(request)

    workspace.write(WRITE_ONCE)
    workspace.apply("--allow", EVERYTHING)
    with front(rule, organization.url) as url:
        undo(workspace, "--api-url", url)
        assert organization.rows("task_template_assignees") == []
        run = workspace.run("undo", "--list").out.split()[0]
        assert "the row is gone" in undo(workspace, "--api-url", url, "--run", run)


def test_a_renamed_row_gets_its_old_name_back(
    workspace: Workspace, organization: Organization
) -> None:
    villa = "products: {{{}: {{name: {{default: {}}}, rent_period: daily, timezone: UTC{}}}}}"
    workspace.write(villa.format("old", "Old", ""))
    workspace.apply("--allow", EVERYTHING)
    file = bindings_path(workspace.folder, organization.id)
    before, bound = snapshot(organization), read_bindings(file)
    workspace.write(villa.format("new", "New", ", $was: old"))
    workspace.apply()
    assert read_bindings(file) != bound
    undo(workspace)
    assert (snapshot(organization), read_bindings(file)) == (before, bound)


# -- any plan -----------------------------------------------------------------------------------

KEYS = ("a", "b", "c")
CONTACT = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Jane", 'Zoë, "the" (one)', ""]),
        "language": st.sampled_from(["nl-NL", "en-US", None]),
        "meta": st.sampled_from([[], [{"key": "shoe, size", "value": "39"}]]),
    },
)
BOOKING = st.fixed_dictionaries(
    {"exchange_rate": st.sampled_from([1, 11.75])},
    optional={"confirmed_at": st.sampled_from([None, "2026-02-11T10:30:00+01:00"])},
)
SERVICE = st.fixed_dictionaries(
    {"order": st.integers(0, 3)},
    optional={"description": st.sampled_from([{"default": "x"}, {"default": "a (b), c"}])},
)
ATTRIBUTE = st.fixed_dictionaries({"order": st.integers(0, 2)})
CONFIGURATION = st.fixed_dictionaries(
    {
        "contacts": st.dictionaries(st.sampled_from(KEYS), CONTACT),
        "bookings": st.dictionaries(st.sampled_from(KEYS), BOOKING),
        "services": st.dictionaries(st.sampled_from(KEYS), SERVICE),
        "attributes": st.dictionaries(st.sampled_from(KEYS), ATTRIBUTE),
        "contact_bookings": st.sets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS))),
    }
)
Configuration = Mapping[str, Mapping[str, Mapping[str, JSON]]]


def text_of(configuration: Mapping[str, object]) -> str:
    """Write a configuration; JSON is YAML. Links to rows that are not there are left out."""
    given = cast("Configuration", configuration)
    links = cast("set[tuple[str, str]]", configuration["contact_bookings"])
    money = {"currency": "EUR", "display_currency": "EUR", "silent": True}
    document: dict[str, object] = {
        "contacts": {k: {"email": f"{k}@example.test", **v} for k, v in given["contacts"].items()},
        "bookings": {k: {"reference": k, **money, **v} for k, v in given["bookings"].items()},
        "services": {
            k: {"type": "checkbox", "label": {"default": k}, **v}
            for k, v in given["services"].items()
        },
        "attributes": {
            k: {"name": {"default": k}, "type": "multi-select", **v}
            for k, v in given["attributes"].items()
        },
        "contact_bookings": [
            {"contact_id": contact, "booking_id": booking}
            for contact, booking in sorted(links)
            if contact in given["contacts"] and booking in given["bookings"]
        ],
    }
    return "".join(f"{kind}: {orjson.dumps(rows).decode()}\n" for kind, rows in document.items())


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failing example is small enough, and shrinking it takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=CONFIGURATION, after=CONFIGURATION, edited=st.sets(st.sampled_from(KEYS)))
def test_any_plan_is_taken_back(
    before: Mapping[str, object],
    after: Mapping[str, object],
    edited: set[str],
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    organization = server.organization(0)
    folder: Path = tmp_path_factory.mktemp("villa")
    workspace = Workspace(folder, environment_for(organization))
    workspace.write(text_of(before))
    workspace.apply("--allow", EVERYTHING)
    for row in organization.rows("contacts"):
        if str(row["email"])[0] in edited:
            organization.change("contacts", row["id"], notes="by hand", street="Elsewhere 1")
    was = snapshot(organization)
    workspace.write(text_of(after))
    workspace.apply("--allow", EVERYTHING)
    if snapshot(organization) != was:
        undo(workspace)
    assert snapshot(organization) == was
