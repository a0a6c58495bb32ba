"""``plan --unmanaged``: rows that are in no YAML are told in every view, and in no digest."""

from typing import cast

import orjson
import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address
from tests.commandline import Document, Workspace
from tests.organization import Organization

YAML = "contacts:\n  jane: {email: jane@example.com}\n"


@pytest.fixture
def applied(workspace: Workspace) -> Workspace:
    workspace.write(YAML)
    workspace.apply()
    return workspace


def unmanaged(workspace: Workspace, *options: str) -> list[Document]:
    return cast("list[Document]", workspace.plan("--unmanaged", *options)["unmanaged"])


def test_what_a_new_organization_has_is_not_told(applied: Workspace) -> None:
    assert unmanaged(applied) == []
    done = applied.run("plan", "--unmanaged", "--detailed-exitcode")
    assert (done.code, "Not in the YAML: no row." in done.out) == (0, True)
    assert "unmanaged" not in applied.plan()


def test_rows_are_counted_by_kind(applied: Workspace, organization: Organization) -> None:
    for number in range(7):
        organization.insert("contacts", email=f"guest{number}@example.com")
    stranger = Owner(organization.id, "another-1").id_of(Address("contacts", "x"))
    organization.insert("contacts", id=stranger, email="other@example.com")
    gone = organization.product("Gone")
    organization.change("products", gone, deleted_at="2026-01-01T00:00:00Z")
    [contacts] = unmanaged(applied)
    assert (contacts["kind"], contacts["rows"], contacts["of_other_stacks"]) == ("contacts", 7, 1)
    first = cast("list[Document]", contacts["first"])
    assert len(first) == 5
    assert first[0]["label"] == {"email": {"hidden": "personal"}}


def test_it_counts_for_the_exit_code_and_not_for_the_digest(
    applied: Workspace, organization: Organization
) -> None:
    before = applied.plan()["digest"]
    organization.insert("contacts", email="guest@example.com")
    assert applied.run("plan", "--detailed-exitcode").code == 0
    assert applied.run("plan", "--detailed-exitcode", "--unmanaged").code == 2
    assert applied.plan("--unmanaged")["digest"] == before


def test_a_row_about_to_be_deleted_is_no_stranger(applied: Workspace) -> None:
    applied.write("contacts: {}\n")
    assert unmanaged(applied) == []


@pytest.mark.parametrize("form", ["text", "markdown", "html", "github"])
def test_every_view_tells_it(applied: Workspace, organization: Organization, form: str) -> None:
    organization.insert("contacts", email="guest@example.com")
    done = applied.run("plan", "--unmanaged", "--format", form)
    assert "Not in the YAML: 1 row" in done.out
    assert "contacts: 1 (email (personal))" in done.out
    assert "guest@example.com" not in done.out
    if form == "text":
        shown = applied.run("plan", "--unmanaged", "--show-personal-data").out
        assert 'contacts: 1 (email "guest@example.com")' in shown


@pytest.mark.parametrize("form", ["text", "markdown", "html", "github"])
def test_what_cannot_be_seen_is_spelled_out(
    applied: Workspace, organization: Organization, form: str
) -> None:
    organization.insert("taxes", label={"default": "V\u202eAT"}, percentage=21)
    shown = applied.run("plan", "--unmanaged", "--format", form).out
    assert "V\\u202eAT" in shown
    assert "V\\\\u202eAT" not in shown


def test_a_saved_plan_keeps_it(applied: Workspace, organization: Organization) -> None:
    organization.insert("contacts", email="guest@example.com")
    file = applied.folder / "plan.json"
    applied.run("plan", "--unmanaged", "--out", file)
    assert orjson.loads(file.read_bytes())["unmanaged"][0]["rows"] == 1
    assert "Not in the YAML: 1 row" in applied.run("show", path=file).out
    applied.apply("--plan", file)


def test_a_part_of_the_folder_cannot_tell(applied: Workspace) -> None:
    refusal = applied.refusal("plan", "--unmanaged", "--kinds", "contacts")
    assert "a run that is limited cannot tell which rows are in no YAML" in refusal
