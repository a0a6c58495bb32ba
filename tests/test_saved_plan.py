"""A plan in a file: what was reviewed is what is done, or nothing is."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import orjson
import pytest
from jsonschema_rs import validator_for

from reconciler.catalogue import schema_folder
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.shape import PlanDocument
from tests.commandline import Finished, Workspace
from tests.organization import Organization
from tests.server import Server, workspace_for

CONTACTS = """\
contacts:
  jane: {email: jane@example.test, first_name: Jane}
  john: {email: john@example.test, first_name: John}
  anna: {email: anna@example.test, first_name: Anna}
"""
WITH_PRODUCTS = """\
products:
  villa:
    name: {default: Villa}
    rent_period: daily
    timezone: UTC
    cooldown_time: 2
    fee: {taxes: [{tax_id: vat}], value: 1, type: relative, restrictions: []}
taxes: {vat: {label: {default: VAT}, percentage: 9, type: included}}
services: {eggs: {type: checkbox, label: {default: Eggs}}}
product_services: [{product_id: villa, service_id: eggs, order: 3}]
price_calendar_entries:
  summer:
    product_id: villa
    name: {default: Summer}
    intervals: "{[2026-06-01,2026-09-01)}"
    rates: [{duration: 1, occupancy: 4, rate: 120.5}]
"""


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """Where the plan is kept."""
    return tmp_path / "reviewed.json"


def save(workspace: Workspace, file: Path, *options: str) -> None:
    done = workspace.run("plan", "--out", file, *options)
    assert done.code == 0, done.all


def save_edited(workspace: Workspace, file: Path, text: str) -> None:
    """Apply the contacts, write a text instead, and save what that would do."""
    workspace.write(CONTACTS)
    workspace.apply()
    workspace.write(text)
    save(workspace, file)


def apply(workspace: Workspace, file: Path, *options: str) -> Finished:
    return workspace.run("apply", "--plan", file, *options)


def names(organization: Organization) -> list[str]:
    return sorted(str(row["first_name"]) for row in organization.rows("contacts"))


def test_it_is_as_documented_and_shown_again(workspace: Workspace, reviewed: Path) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    document = orjson.loads(reviewed.read_bytes())
    schema = orjson.loads((schema_folder() / "plan.schema.json").read_bytes())
    assert list(validator_for(schema).iter_errors(document)) == []
    assert workspace.run("plan", "--format", "json").out == reviewed.read_text()
    assert workspace.run("show", "--format", "json", path=reviewed).out == reviewed.read_text()
    shown = workspace.run("show", "--folder", workspace.folder, path=reviewed).out
    assert shown == workspace.run("plan").out
    from_the_folder = workspace.run("show", path=reviewed).out
    assert "  bookingmood.yaml:" in from_the_folder
    assert "create contacts.jane" in shown


def test_it_is_applied_without_asking_and_only_once(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    assert apply(workspace, reviewed).code == 0
    after = organization.state()
    again = apply(workspace, reviewed)
    assert (again.code, organization.state()) == (0, after)
    assert "No changes" in again.out


@pytest.mark.parametrize("edit", [CONTACTS.replace("Jane", "Janet"), CONTACTS + "  new: {}\n"])
def test_another_configuration_is_not_what_was_reviewed(
    workspace: Workspace, organization: Organization, reviewed: Path, edit: str
) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    workspace.write(edit)
    done = apply(workspace, reviewed)
    assert done.code == 3
    assert "the configuration is not the one that was reviewed" in done.err
    assert organization.rows("contacts") == []


def test_a_plan_of_another_stack_is_said_to_be(workspace: Workspace, reviewed: Path) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    workspace.write("reconciler: {stack: barn-1a2b}\n" + CONTACTS)
    done = apply(workspace, reviewed)
    assert done.code == 3
    assert "it is of the stack villa-7f3a, the configuration of barn-1a2b" in done.err


def test_another_value_of_a_variable_is_another_configuration(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(CONTACTS.replace("first_name: Jane", 'first_name: "${NAME}"'))
    save(workspace, reviewed, "--var", "NAME=Jane")
    assert apply(workspace, reviewed, "--var", "NAME=Joan").code == 3
    assert apply(workspace, reviewed, "--var", "NAME=Jane").code == 0
    assert names(organization) == ["Anna", "Jane", "John"]


def test_a_plan_of_everything_is_not_a_plan_of_some(workspace: Workspace, reviewed: Path) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    assert apply(workspace, reviewed, "--target", "contacts.jane").code == 3


def test_rows_that_were_changed_since_are_named_and_nothing_is_written(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    save_edited(workspace, reviewed, CONTACTS.replace("Jane", "Janet").replace("John", "Jon"))
    jane = organization.one("contacts", "email=eq.jane@example.test")
    organization.change("contacts", jane["id"], notes="somebody was here")
    anna = organization.one("contacts", "email=eq.anna@example.test")
    organization.change("contacts", anna["id"], first_name="Drifted")
    before = organization.state()
    done = apply(workspace, reviewed)
    assert done.code == 3
    said = done.err.splitlines()
    assert said[0] == "error: the plan is not what would be done now; nothing was changed"
    assert [line.split(",")[0] for line in sorted(said[1:-1])] == [
        "  contacts.anna: to update",
        "  contacts.jane: the row was changed since the plan",
    ]
    assert "\\n" not in done.err
    assert organization.state() == before


def test_rows_that_it_does_not_touch_do_not_matter(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    save_edited(workspace, reviewed, CONTACTS.replace("Jane", "Janet"))
    anna = organization.one("contacts", "email=eq.anna@example.test")
    organization.change("contacts", anna["id"], notes="somebody was here")
    organization.insert("contacts", email="guest@example.test")
    assert apply(workspace, reviewed).code == 0
    assert "Janet" in names(organization)


def test_a_row_that_drifted_is_a_change_that_nobody_reviewed(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    save_edited(workspace, reviewed, CONTACTS.replace("Jane", "Janet"))
    anna = organization.one("contacts", "email=eq.anna@example.test")
    organization.change("contacts", anna["id"], first_name="Drifted")
    done = apply(workspace, reviewed)
    assert done.code == 3
    assert "contacts.anna: to update, which the reviewed plan does not" in done.err


def test_a_row_to_be_deleted_that_somebody_changed_is_stale(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    save_edited(workspace, reviewed, "contacts: {jane: {email: jane@example.test}}")
    john = organization.one("contacts", "email=eq.john@example.test")
    organization.change("contacts", john["id"], notes="called today")
    done = apply(workspace, reviewed, "--allow", "deletes")
    assert done.code == 3
    assert f"contacts[{john['id']}]: the row was changed since the plan" in done.err
    assert len(organization.rows("contacts")) == 3


def test_a_guest_who_booked_since_keeps_the_row_whatever_is_allowed(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(WITH_PRODUCTS)
    workspace.apply("--allow", "billing-create")
    villa = organization.one("products")["id"]
    organization.book(villa)
    workspace.write("seasons: {}")
    everything = ("--allow", "deletes,billing-delete,cascade,referenced")
    save(workspace, reviewed)
    guest = organization.book(villa)
    done = apply(workspace, reviewed, *everything)
    assert done.code == 3
    assert f"products.villa: calendar_events[{guest}] refers to it, which" in done.err
    assert len(organization.rows("calendar_events")) == 2
    organization.remove("calendar_events", guest)
    assert apply(workspace, reviewed, *everything).code == 0
    assert organization.rows("products") == []


def test_what_is_done_already_counts_as_done(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(CONTACTS)
    workspace.apply("--target", "contacts.anna")
    workspace.write(CONTACTS.replace("Anna", "Anne"))
    save(workspace, reviewed)
    workspace.apply("--target", "contacts.jane", "--target", "contacts.anna")
    assert names(organization) == ["Anne", "Jane"]
    assert apply(workspace, reviewed).code == 0
    assert names(organization) == ["Anne", "Jane", "John"]


def test_a_half_applied_plan_with_ids_of_the_server_is_finished(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(WITH_PRODUCTS)
    save(workspace, reviewed)
    workspace.apply("--target", "products.villa", "--allow", "billing-create")
    done = apply(workspace, reviewed)
    assert done.code == 0, done.all
    villa = organization.one("products")
    assert organization.one("product_services")["product_id"] == villa["id"]
    assert organization.one("price_calendar_entries")["product_id"] == villa["id"]


def test_a_product_cut_off_between_its_two_steps_is_finished(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(WITH_PRODUCTS)
    save(workspace, reviewed)
    workspace.apply("--target", "products.villa", "--allow", "billing-create")
    villa = organization.one("products")
    organization.change("products", villa["id"], cooldown_time=0)
    done = apply(workspace, reviewed)
    assert done.code == 0, done.all
    assert organization.one("products")["cooldown_time"] == 2


def test_an_adoption_that_was_changed_but_not_bound_is_finished(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    row = organization.insert("contacts", email="jane@example.test", first_name="J")
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    organization.change("contacts", row["id"], first_name="Jane")
    done = apply(workspace, reviewed)
    assert done.code == 0, done.all
    assert names(organization) == ["Anna", "Jane", "John"]


def test_consents_are_asked_for_as_ever(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    workspace.write(WITH_PRODUCTS)
    save(workspace, reviewed)
    done = apply(workspace, reviewed)
    assert done.code == 4
    assert "--allow billing-create" in done.err
    assert organization.rows("taxes") == []


def test_a_key_that_may_only_read_is_enough_for_the_plan(
    server: Server, tmp_path: Path, reviewed: Path
) -> None:
    organization = server.organization(2)
    workspace = workspace_for(organization, tmp_path / "villa")
    workspace.write(CONTACTS)
    workspace.environment["BOOKINGMOOD_API_KEY"] = "reader-key"
    save(workspace, reviewed)
    assert apply(workspace, reviewed).code == 1
    assert organization.rows("contacts") == []
    workspace.environment["BOOKINGMOOD_API_KEY"] = organization.key
    assert apply(workspace, reviewed).code == 0
    assert names(organization) == ["Anna", "Jane", "John"]


def test_the_key_of_another_organization_is_refused(
    workspace: Workspace,
    organization: Organization,
    other_organization: Organization,
    reviewed: Path,
) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    workspace.environment["BOOKINGMOOD_API_KEY"] = other_organization.key
    done = apply(workspace, reviewed)
    assert done.code == 1
    assert f"the plan is for organization {organization.id}" in done.err
    assert other_organization.rows("contacts") == []


def newer(document: PlanDocument) -> None:
    document["format_version"] = 99
    document["digest"] = digest_of_document(document)


def older(document: PlanDocument) -> None:
    document["format_version"] = 1
    document["digest"] = digest_of_document(document)


def edited(document: PlanDocument) -> None:
    document["changes"][0]["action"] = "delete"


def misshapen(document: PlanDocument) -> None:
    del document["changes"][0]["kind"]  # type: ignore[misc]
    document["digest"] = digest_of_document(document)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (newer, "has format 99"),
        (older, "it was made by an earlier version"),
        (edited, "was edited: its digest does not fit"),
        (misshapen, "is not as documented"),
    ],
)
def test_a_spoilt_file_is_refused(
    workspace: Workspace,
    organization: Organization,
    reviewed: Path,
    spoil: Callable[[PlanDocument], None],
    words: str,
) -> None:
    workspace.write(CONTACTS)
    save(workspace, reviewed)
    document = cast("PlanDocument", orjson.loads(reviewed.read_bytes()))
    spoil(document)
    reviewed.write_bytes(orjson.dumps(document))
    for done in (apply(workspace, reviewed), workspace.run("show", path=reviewed)):
        assert done.code == 1
        assert words in done.err
        assert "hint:" in done.err
    assert organization.rows("contacts") == []


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json", '{"format_version": 2}'])
def test_what_is_no_plan_is_refused(workspace: Workspace, reviewed: Path, content: str) -> None:
    workspace.write(CONTACTS)
    reviewed.write_text(content)
    done = apply(workspace, reviewed)
    assert done.code == 1
    assert f"{reviewed} is not a plan" in done.err


def test_files_that_cannot_be_read_or_written_are_named(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.write(CONTACTS)
    assert "cannot be read" in apply(workspace, tmp_path / "nowhere.json").err
    done = workspace.run("plan", "--out", tmp_path / "no" / "folder.json")
    assert (done.code, "cannot be written" in done.err) == (1, True)
    assert "hint: its folder is not there" in done.err
