"""Computed ids, found in the sandbox as the documentation says."""

from pathlib import Path

from tests.commandline import Workspace
from tests.organization import Organization
from tests.server import workspace_for
from tests.unit.test_ids import documented

LINKS = Path(__file__).parent.parent / "examples" / "links"


def test_the_rows_of_the_example_have_exactly_these_ids(
    organization: Organization, tmp_path: Path
) -> None:
    workspace = workspace_for(organization, tmp_path / "villa")
    workspace.write((LINKS / "bookingmood.yaml").read_text())
    workspace.apply()
    for kind, keys in {
        "contacts": ["jane-doe", "john-doe"],
        "bookings": ["summer-stay"],
        "contact_bookings": ["jane-doe--summer-stay", "john-doe--summer-stay"],
    }.items():
        wanted = [documented(organization.id, "links-example", f"{kind}.{key}") for key in keys]
        assert organization.ids(kind) == sorted(wanted)


def test_the_same_files_have_other_ids_in_another_organization(
    workspace: Workspace,
    organization: Organization,
    other_organization: Organization,
    tmp_path: Path,
) -> None:
    text = "contacts:\n  jane: {first_name: Jane}\n"
    workspace.write(text)
    workspace.apply()
    elsewhere = workspace_for(other_organization, tmp_path / "other")
    elsewhere.write(text)
    elsewhere.apply()
    [here], [there] = organization.ids("contacts"), other_organization.ids("contacts")
    assert here != there
    assert there == documented(other_organization.id, "villa-7f3a", "contacts.jane")
