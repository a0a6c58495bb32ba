"""Undo where the server chose the ids, where rows cannot be read, and where bindings remember."""

import orjson
import pytest

from reconciler.bindings import Binding, bindings_path, read_bindings
from tests.builders import address
from tests.commandline import Workspace
from tests.front import front
from tests.linked import UNLISTED, never_listed
from tests.organization import Organization
from tests.undoing import EVERYTHING, snapshot, undo


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


def test_what_refers_to_what_cannot_come_back_is_left_out(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}\n"
        "seasons: {high: {name: {default: High}}}\n"
        "price_calendar_entries: {summer: {product_id: villa, name: {default: Summer}}}\n"
        "pricing_widgets: {prices: {title: Prices, product_id: villa}}\n"
    )
    workspace.apply("--allow", EVERYTHING)
    workspace.write("contacts: {jane: {email: jane@example.test}}")
    workspace.apply("--allow", EVERYTHING)
    words = undo(workspace)
    assert " ".join(words.split()).count(": product_id refers to products[") == 2, words
    assert organization.rows("price_calendar_entries") == []
    assert organization.one("pricing_widgets")["product_id"] is None
    assert len(organization.rows("seasons")) == 1


ACTIONS = {
    # action: what is there, the first YAML, the second; undoing twice leads back to it
    "create": ("", "", "contacts: {jane: {email: j@example.test}}"),
    "update": (
        "",
        "contacts: {jane: {email: j@example.test}}",
        "contacts: {jane: {email: j@example.test, first_name: Jane}}",
    ),
    "delete": ("", "contacts: {jane: {email: j@example.test}}", "taxes: {}"),
    "adopt": ("j@example.test", "", "contacts: {jane: {email: j@example.test}}"),
    "adopt and change": (
        "j@example.test", "", "contacts: {jane: {email: j@example.test, first_name: Jane}}",
    ),
    "rename by its key": (
        "",
        "contacts: {jane: {email: j@example.test}}",
        "contacts: {anna: {email: j@example.test}}",
    ),
    "rename by $renamed_from": (
        "",
        "contacts: {jane: {email: j@example.test}}",
        "contacts: {anna: {email: anna@example.test, $renamed_from: jane}}",
    ),
    "rename what is bound": (
        "j@example.test",
        "contacts: {jane: {email: j@example.test}}",
        "contacts: {anna: {email: anna@example.test, $renamed_from: jane}}",
    ),
    "delete what is bound": (
        "j@example.test",
        "contacts: {jane: {email: j@example.test}}",
        "contacts: {jane: {$absent: true}}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_undoing_an_undo_leads_back_to_the_same_plan(
    action: str, workspace: Workspace, organization: Organization
) -> None:
    there, first, second = ACTIONS[action]
    if there:
        organization.insert("contacts", email=there)
    file = bindings_path(workspace.folder, organization.id)

    def all_of_it(yaml: str) -> object:
        workspace.write(yaml)
        document = orjson.loads(workspace.run("plan", "--format", "json").out)
        for change in document["changes"]:
            change.pop("fingerprint")  # the moment of the last change moves with every change
        return snapshot(organization), read_bindings(file), document["changes"]

    workspace.write(first)
    if first:
        workspace.apply("--allow", EVERYTHING)
    before = all_of_it(second)
    workspace.apply("--allow", EVERYTHING)
    after = all_of_it(first)
    for _ in range(2):
        undo(workspace)
        assert all_of_it(second) == before
        undo(workspace)
        assert all_of_it(first) == after


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


def test_a_row_that_cannot_be_read_is_taken_away_by_its_binding(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(UNLISTED)
    workspace.apply("--allow", EVERYTHING)
    with front(never_listed, organization.url) as url:
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
    workspace.write(villa.format("new", "New", ", $renamed_from: old"))
    workspace.apply()
    assert read_bindings(file) != bound
    undo(workspace)
    assert (snapshot(organization), read_bindings(file)) == (before, bound)
