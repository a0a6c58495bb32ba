"""Plan, apply, plan again on a real server: whose rows are meant, and what becomes of them."""

from pathlib import Path

from tests.commandline import Workspace
from tests.linked import LINKED, bindings
from tests.organization import Organization
from tests.server import workspace_for

EXAMPLES = Path(__file__).parent.parent / "examples"


# -- the smallest example -------------------------------------------------------------------------


def test_the_links_example_from_start_to_end(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write((EXAMPLES / "links" / "bookingmood.yaml").read_text())
    assert workspace.run("plan", "--detailed-exitcode").code == 2
    assert workspace.actions() == [
        "create bookings.summer-stay",
        "create contacts.jane-doe",
        "create contacts.john-doe",
        "create contact_bookings.jane-doe--summer-stay",
        "create contact_bookings.john-doe--summer-stay",
    ]
    assert organization.ids("contacts") == []
    assert "Applied: 5 done." in workspace.apply().out
    again = workspace.run("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes: 5 resources as in the configuration." in again.out
    assert "No changes" in workspace.apply().out


# -- adopting -------------------------------------------------------------------------------------


def test_a_row_that_exists_is_adopted_and_not_doubled(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("contacts", email="jane@example.com", city="Oslo")
    workspace.write(LINKED)
    assert workspace.actions()[:2] == ["create bookings.stay", "adopt contacts.jane"]
    workspace.apply()
    assert workspace.actions() == []
    after = organization.one("contacts")
    assert (after["id"], after["first_name"], after["city"]) == (row["id"], "Jane", "Oslo")
    line = f"contacts.jane: {{id: {row['id']}, origin: adopted}}"
    assert bindings(workspace, organization) == [line]
    assert organization.one("contact_bookings")["contact_id"] == row["id"]


def test_an_adopted_row_stays_when_its_block_goes(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com")
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    workspace.apply()
    workspace.write("taxes: {}\n")
    plan = workspace.plan()
    assert plan["changes"] == []
    assert "so the row stays (remove the entry to forget the row)" in str(plan["notes"])


def test_an_adopted_row_is_deleted_where_yaml_says_so(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com")
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    workspace.apply()
    workspace.write("contacts:\n  jane: {$absent: true}\n")
    assert workspace.actions() == ["delete contacts.jane"]
    workspace.apply()
    assert organization.ids("contacts") == []
    assert bindings(workspace, organization) == []
    assert workspace.plan()["notes"] == []


def test_a_foreign_row_is_deleted_by_its_natural_key_where_yaml_says_so(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com")
    kept = organization.insert("contacts", email="john@example.com")
    workspace.write("contacts:\n  jane: {email: jane@example.com, $absent: true}\n")
    assert workspace.actions() == ["delete contacts.jane"]
    workspace.apply()
    assert organization.ids("contacts") == [kept["id"]]
    assert workspace.actions() == []


def test_a_link_that_exists_is_neither_doubled_nor_deleted(
    workspace: Workspace, organization: Organization
) -> None:
    jane = organization.insert("contacts", email="jane@example.com")
    stay = organization.booking(reference="BM-1", silent=True)
    link = organization.insert("contact_bookings", contact_id=jane["id"], booking_id=stay["id"])
    workspace.write(LINKED)
    workspace.apply()
    assert workspace.actions() == []
    assert organization.ids("contact_bookings") == [link["id"]]
    workspace.write("taxes: {}\n")
    assert workspace.actions() == []


def test_several_rows_that_could_be_meant_are_listed(
    workspace: Workspace, organization: Organization
) -> None:
    rows = [organization.insert("contacts", email="jane@example.com") for _ in range(2)]
    before = organization.state()
    workspace.write(LINKED)
    for command in ("plan", "apply"):
        options = ["--auto-approve"] if command == "apply" else []
        words = workspace.refusal(command, *options)
        assert (
            "bookingmood.yaml:4:3: error: contacts.jane: 2 live rows have the same email" in words
        )
        for row in rows:
            assert str(row["id"]) in words
    assert organization.state() == before


# -- stacks ---------------------------------------------------------------------------------------


def test_stacks_leave_each_other_alone(
    workspace: Workspace, organization: Organization, tmp_path: Path
) -> None:
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    workspace.apply()
    other = workspace_for(organization, tmp_path / "other")
    other.stack = "other-1b2c"
    other.write("contacts:\n  john: {email: john@example.com}\n")
    assert other.actions() == ["create contacts.john"]
    other.apply()
    assert workspace.actions() == []
    other.write("taxes: {}\n")
    assert [line.partition("[")[0] for line in other.actions()] == ["delete contacts"]


def test_a_row_of_another_stack_is_refused(
    workspace: Workspace, organization: Organization, tmp_path: Path
) -> None:
    workspace.write(LINKED)
    workspace.apply()
    other = workspace_for(organization, tmp_path / "other")
    other.stack = "other-1b2c"
    other.write("contacts:\n  j: {email: jane@example.com}\n")
    words = other.refusal()
    assert "belongs to another stack" in words
    assert organization.ids("contacts")[0] in words


# -- renaming -------------------------------------------------------------------------------------


def test_a_renamed_key_keeps_its_row_and_its_links(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(LINKED)
    workspace.apply()
    before = organization.state()
    row_id = organization.ids("contacts")[0]
    workspace.write(
        LINKED.replace("jane:", "janet:").replace("contact_id: jane", "contact_id: janet")
    )
    assert workspace.actions() == ["rename contacts.janet"]
    workspace.apply()
    assert workspace.actions() == []
    assert organization.state() == before
    assert bindings(workspace, organization) == [f"contacts.janet: {{id: {row_id}, origin: owned}}"]


def test_was_renames_where_no_natural_key_can_tell(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    [row_id] = organization.ids("contacts")
    workspace.write("contacts:\n  janet: {first_name: Janet, $renamed_from: jane}\n")
    assert workspace.actions() == ["rename contacts.janet"]
    workspace.apply()
    assert organization.ids("contacts") == [row_id]
    assert organization.one("contacts")["first_name"] == "Janet"
    assert workspace.actions() == []
    workspace.write("contacts:\n  janet: {first_name: Janet}\n")
    assert workspace.actions() == []
    workspace.write("taxes: {}\n")
    assert workspace.actions() == ["delete contacts.janet"]


def test_a_renamed_kind_of_the_servers_numbering_keeps_its_row(
    workspace: Workspace, organization: Organization
) -> None:
    villa = "products:\n  {}: {{name: {{default: Villa}}, rent_period: daily, timezone: UTC}}\n"
    workspace.write(villa.format("villa"))
    workspace.apply("--allow", "billing-create")
    [row_id] = organization.ids("products")
    assert bindings(workspace, organization) == [f"products.villa: {{id: {row_id}, origin: owned}}"]
    workspace.write(villa.format("house"))
    assert workspace.actions() == ["rename products.house"]
    workspace.apply()
    assert organization.ids("products") == [row_id]
    assert bindings(workspace, organization) == [f"products.house: {{id: {row_id}, origin: owned}}"]
    assert workspace.actions() == []
    workspace.write("products: {}\n")
    assert workspace.actions() == ["delete products.house"]


# -- bindings -------------------------------------------------------------------------------------


def test_a_row_that_was_deleted_by_hand_is_made_again_and_said_once(
    workspace: Workspace, organization: Organization
) -> None:
    row = organization.insert("contacts", email="jane@example.com")
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    workspace.apply()
    organization.remove("contacts", row["id"])
    plan = workspace.plan()
    assert "bound to" in str(plan["notes"])
    assert workspace.actions() == ["create contacts.jane"]
    workspace.apply()
    after = workspace.plan()
    assert (after["changes"], after["notes"]) == ([], [])


def test_bindings_that_cannot_be_written_are_an_error_before_the_first_write(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com")
    workspace.write(LINKED)
    (workspace.folder / "bindings").write_text("a file where the folder should be")
    before = organization.state()
    done = workspace.run("apply", "--auto-approve")
    assert done.code == 1
    assert "cannot be" in done.err
    assert organization.state() == before
