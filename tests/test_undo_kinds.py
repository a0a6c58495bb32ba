"""Undo where the server chose the ids, where rows cannot be read, and where bindings remember."""

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
    workspace.write(villa.format("new", "New", ", $was: old"))
    workspace.apply()
    assert read_bindings(file) != bound
    undo(workspace)
    assert (snapshot(organization), read_bindings(file)) == (before, bound)
