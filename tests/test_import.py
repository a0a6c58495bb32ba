"""``import``: one live row is taken over, and a plan right after has nothing to do about it."""

from uuid import uuid4

import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address
from reconciler.values.column import JSON
from tests.commandline import Finished, Workspace, failed_inside, run
from tests.organization import Organization, Row

UNKNOWN = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"


def booking(organization: Organization, **values: JSON) -> Row:
    given: Row = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1, **values}
    return organization.insert("bookings", **given)


def take_over(workspace: Workspace, address: str, row_id: JSON, code: int = 0) -> Finished:
    done = run("import", address, str(row_id), workspace.folder, environment=workspace.environment)
    assert done.code == code, done.all
    assert not failed_inside(done.all)
    return done


def bindings(workspace: Workspace, organization: Organization) -> str:
    file = workspace.folder / "bindings" / f"{organization.id}.yaml"
    return file.read_text() if file.exists() else ""


def in_line(workspace: Workspace) -> None:
    done = workspace.run("plan", "--detailed-exitcode")
    assert done.code == 0, done.all


# -- a row without a block ------------------------------------------------------------------------


def test_a_row_is_bound_and_its_block_is_written(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("taxes", label={"default": "VAT"}, percentage=20)
    workspace.write("# nothing yet\n")
    said = take_over(workspace, "taxes.vat", str(row["id"]).upper()).out
    assert said == f"taxes.vat is the row {row['id']} now: bound, and written to the YAML.\n"
    assert (workspace.folder / "taxes.yaml").read_text() == (
        "taxes:\n  vat:\n    label: {default: VAT}\n    percentage: 20\n    type: on-top\n"
    )
    entry = f"taxes.vat: {{id: {row['id']}, origin: owned}}"
    assert entry in bindings(workspace, organization)
    in_line(workspace)


def test_the_block_goes_where_its_kind_is_and_nothing_else_changes(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("attributes", name={"default": "Pool"}, type="single-select")
    text = (
        "reconciler: {stack: villa-7f3a}   # ours\n"
        "attributes:\n"
        "    view:                         # four spaces\n"
        '        name:  {default:   "Sea view"}\n'
        "        type:  single-select\n"
        "    # more to come\n"
        "\n"
        "taxes:\n"
        "    vat: {percentage: 20, label: {default: VAT}}\n"
    )
    workspace.write(text)
    workspace.apply()
    take_over(workspace, "attributes.pool", row["id"])
    added = (
        "    pool:\n        name: {default: Pool}\n        type: single-select\n        order: 1\n"
    )
    after = (workspace.folder / "bookingmood.yaml").read_text()
    assert after == text.replace("    # more to come\n", "    # more to come\n" + added)
    in_line(workspace)


def test_references_are_keys_where_there_are_some(
    workspace: Workspace, organization: Organization
) -> None:
    contact = organization.insert("contacts", email="jane@example.com")
    one, other = booking(organization, reference="A"), booking(organization, reference="B")
    both = {"booking_id": one["id"], "contact_id": contact["id"]}
    known = organization.insert("contact_bookings", **both)
    unknown = organization.insert("contact_bookings", **{**both, "booking_id": other["id"]})
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    take_over(workspace, "contacts.jane", contact["id"])
    take_over(workspace, "bookings.a", one["id"])
    take_over(workspace, "contact_bookings.jane--a", known["id"])
    take_over(workspace, f"contact_bookings.jane--{other['id']}", unknown["id"])
    assert (workspace.folder / "contact_bookings.yaml").read_text() == (
        "contact_bookings:\n"
        "  - {contact_id: jane, booking_id: a}\n"
        f"  - {{contact_id: jane, booking_id: {other['id']}}}\n"
    )
    in_line(workspace)


def test_a_row_that_the_server_numbers(workspace: Workspace, organization: Organization) -> None:
    product = organization.product("Villa")
    workspace.write("")
    take_over(workspace, "products.villa", product)
    take_over(workspace, "members.owner", organization.one("members")["id"])
    in_line(workspace)


def test_an_own_row_whose_block_is_gone_comes_back_under_its_key(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("taxes:\n  vat: {percentage: 20, label: {default: VAT}}\n")
    workspace.apply()
    workspace.write("")
    take_over(workspace, "taxes.vat", organization.one("taxes")["id"])
    assert bindings(workspace, organization).count("taxes.vat") == 0  # its id can be computed
    in_line(workspace)


def test_a_row_that_cannot_be_deleted_is_only_adopted(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("")
    take_over(workspace, "sites.main", organization.one("sites")["id"])
    assert "origin: adopted" in bindings(workspace, organization)
    in_line(workspace)


# -- a block that is there already ----------------------------------------------------------------


def test_only_the_binding_is_written_for_a_block_that_is_there(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("contacts", first_name="Janet", email="other@example.com")
    file = workspace.write("contacts:\n  jane: {first_name: Jane, email: jane@example.com}\n")
    before = file.read_bytes()
    said = take_over(workspace, "contacts.jane", row["id"]).out
    assert said == f"contacts.jane is the row {row['id']} now: bound.\n"
    assert file.read_bytes() == before
    assert workspace.actions() == ["update contacts.jane"]


def test_it_says_which_of_several_rows_is_meant(
    workspace: Workspace, organization: Organization
) -> None:
    rows = organization.insert_all("contacts", [{"email": "jane@example.com"}] * 2)
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    assert "2 live rows have the same email" in workspace.refusal("plan")
    take_over(workspace, "contacts.jane", rows[1]["id"])
    in_line(workspace)


def test_a_binding_of_a_row_that_is_gone_is_replaced(
    workspace: Workspace, organization: Organization
) -> None:
    rows = organization.insert_all("contacts", [{"email": ""}] * 2)
    workspace.write("contacts:\n  jane: {email: ''}\n")
    take_over(workspace, "contacts.jane", rows[0]["id"])
    organization.remove("contacts", rows[0]["id"])
    take_over(workspace, "contacts.jane", rows[1]["id"])
    assert str(rows[0]["id"]) not in bindings(workspace, organization)
    in_line(workspace)


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "row_id", "says"),
    [
        ("guests.jane", UNKNOWN, "guests.jane is not KIND.KEY"),
        ("contacts", UNKNOWN, "contacts is not KIND.KEY"),
        ("contacts.Jane", UNKNOWN, "'Jane' is not a key of contacts"),
        ("contacts.", UNKNOWN, "'' is not a key of contacts"),
        ("contacts.a--b", UNKNOWN, "'a--b' is not a key of contacts"),
        (f"contacts.{UNKNOWN}", UNKNOWN, "is an id, not a key"),
        ("contact_bookings.jane", UNKNOWN, "'jane' is not a key of contact_bookings"),
        ("contact_bookings.a--b--c", UNKNOWN, "'a--b--c' is not a key of contact_bookings"),
        ("api_requests.one", UNKNOWN, "api_requests cannot be imported"),
        ("task_template_assignees.a--b", UNKNOWN, "task_template_assignees cannot be imported"),
        ("contacts.jane", "42", "'42' is not an id"),
        ("contacts.jane", f"{{{UNKNOWN}}}", "is not an id"),
        ("contacts.jane", UNKNOWN, f"there is no row {UNKNOWN} in contacts"),
    ],
)
def test_what_names_no_row_is_refused(
    workspace: Workspace, organization: Organization, address: str, row_id: str, says: str
) -> None:
    workspace.write("")
    assert says in take_over(workspace, address, row_id, code=1).err
    assert bindings(workspace, organization) == ""


def test_the_row_of_another_stack_is_refused(
    workspace: Workspace, organization: Organization
) -> None:
    other = Owner(organization.id, "other-stack").id_of(Address("contacts", "jane"))
    organization.insert("contacts", id=other)
    workspace.write("")
    said = take_over(workspace, "contacts.jane", other, code=1).err
    assert f"the row {other} belongs to another stack" in said


def test_a_row_that_is_marked_as_deleted_is_refused(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("coupons", code="X", deleted_at="2026-01-01T00:00:00Z")
    workspace.write("")
    assert "is marked as deleted" in take_over(workspace, "coupons.x", row["id"], code=1).err


def test_an_address_has_one_row_and_a_row_one_address(
    workspace: Workspace, organization: Organization
) -> None:
    jane, john = organization.insert_all(
        "contacts", [{"email": "jane@x.org"}, {"email": "j@x.org"}]
    )
    workspace.write("contacts:\n  jane: {email: jane@x.org}\n  mary: {$absent: true}\n")
    by_natural_key = f"the row {jane['id']} is contacts.jane already"
    assert by_natural_key in take_over(workspace, "contacts.other", jane["id"], code=1).err
    assert (
        f"contacts.jane is the row {jane['id']} already"
        in take_over(workspace, "contacts.jane", john["id"], code=1).err
    )
    absent = "contacts.mary is marked `$absent: true`"
    assert absent in take_over(workspace, "contacts.mary", john["id"], code=1).err
    take_over(workspace, "contacts.john", john["id"])
    assert (
        f"the row {john['id']} is contacts.john already"
        in take_over(workspace, "contacts.other", john["id"], code=1).err
    )
    (workspace.folder / "contacts.yaml").unlink(missing_ok=True)
    workspace.write("")
    gone = f"the row {john['id']} is bound to contacts.john, which has no block any more"
    assert gone in take_over(workspace, "contacts.other", john["id"], code=1).err
    other = f"the bindings say that this address is the row {john['id']}"
    assert other in take_over(workspace, "contacts.john", jane["id"], code=1).err


def test_a_link_has_the_key_of_its_pair(workspace: Workspace, organization: Organization) -> None:
    contact = organization.insert("contacts", email="jane@x.org")
    stay = booking(organization, reference="A")
    row = organization.insert("contact_bookings", contact_id=contact["id"], booking_id=stay["id"])
    workspace.write("contacts:\n  jane: {email: jane@x.org}\n  john: {email: j@x.org}\n")
    for key in (f"john--{stay['id']}", f"{contact['id']}--{stay['id']}", "jane--nobody"):
        said = take_over(workspace, f"contact_bookings.{key}", row["id"], code=1).err
        assert f"does not link what contact_bookings.{key} says" in said
        assert f"its address is contact_bookings.jane--{stay['id']}" in said


def test_a_wrong_configuration_is_shown_and_nothing_is_written(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("contacts")
    workspace.write("contacts:\n  jane: {frist_name: Jane}\n")
    said = take_over(workspace, "contacts.john", row["id"], code=1).err
    assert "contacts has no column 'frist_name'" in said
    assert bindings(workspace, organization) == ""


def test_an_organization_that_the_configuration_does_not_mean(workspace: Workspace) -> None:
    workspace.write(f"reconciler: {{stack: villa-7f3a, organization: {uuid4()}}}\n")
    said = take_over(workspace, "contacts.jane", UNKNOWN, code=1).err
    assert "the API key is of organization" in said
