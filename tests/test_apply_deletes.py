"""What apply deletes, what it leaves, and what it asks for before."""

import pytest

from tests.commandline import Workspace
from tests.linked import LINKED, STAY
from tests.organization import Organization


def test_what_is_no_longer_in_the_yaml_is_deleted_dependents_first(
    workspace: Workspace, organization: Organization
) -> None:
    foreign = organization.insert("contacts", email="guest@example.com")
    workspace.write(LINKED)
    workspace.apply()
    workspace.write("taxes: {}\n")
    kinds = [line.partition("[")[0] for line in workspace.actions()]
    assert kinds == ["delete contact_bookings", "delete bookings", "delete contacts"]
    refused = workspace.apply(code=4)
    assert "hint: add --allow deletes" in refused.err
    assert len(organization.ids("contacts")) == 2
    workspace.apply("--allow", "deletes")
    assert organization.ids("contacts") == [foreign["id"]]
    assert organization.ids("contact_bookings") == organization.ids("bookings") == []
    assert workspace.actions() == []


def test_a_run_that_is_limited_to_a_file_deletes_nothing(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n  john: {first_name: John}\n")
    workspace.apply()
    workspace.write("contacts:\n  jane: {first_name: Janet}\n")
    more = workspace.write("taxes:\n  vat: {percentage: 21}\n", "more.yaml")
    assert workspace.actions(path=more) == ["create taxes.vat"]
    workspace.apply(path=more)
    assert len(organization.ids("contacts")) == 2
    main = workspace.folder / "bookingmood.yaml"
    assert workspace.actions(path=main) == ["update contacts.jane"]
    assert len(workspace.actions()) == 2


@pytest.mark.parametrize("limit", [[], ["--target", "contacts.jane"], ["--kinds", "contacts"]])
def test_a_limited_run_deletes_not_even_what_is_marked_absent(
    workspace: Workspace, organization: Organization, limit: list[str]
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    main = workspace.write("contacts:\n  jane: {$absent: true}\n")
    path = workspace.folder if limit else main
    assert workspace.actions(*limit, path=path) == []
    notes = workspace.plan(*limit, path=path)["notes"]
    assert "contacts.jane stays for now: a run that is limited deletes nothing" in str(notes)
    workspace.apply(*limit, path=path)
    assert len(organization.ids("contacts")) == 1
    assert workspace.actions() == ["delete contacts.jane"]


def test_a_limited_run_takes_along_what_it_refers_to(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(f"contacts:\n  jane: {{first_name: Jane}}\n  john: {{}}\n{STAY}")
    links = workspace.write(
        "contact_bookings:\n  - {contact_id: jane, booking_id: stay}\n", "links.yaml"
    )
    assert workspace.actions(path=links) == [
        "create bookings.stay",
        "create contacts.jane",
        "create contact_bookings.jane--stay",
    ]
    workspace.apply(path=links)
    assert workspace.actions() == ["create contacts.john"]


@pytest.mark.parametrize("protect", ["contacts", "contacts.jane"])
@pytest.mark.parametrize("block", ["contacts: {}", "contacts:\n  jane: {$absent: true}"])
def test_what_is_protected_is_not_deleted_whatever_is_allowed(
    workspace: Workspace, organization: Organization, protect: str, block: str
) -> None:
    settings = f"reconciler: {{stack: villa-7f3a, protect: [{protect}]}}\n"
    workspace.write(f"{settings}contacts:\n  jane: {{first_name: Jane}}\n")
    workspace.apply()
    before = organization.state()
    workspace.write(settings + block)
    assert workspace.run("plan").code == 0
    done = workspace.apply("--allow", "deletes,referenced,cascade,billing-delete", code=4)
    assert "contacts.jane" in done.err or "contacts[" in done.err
    assert "protected" in done.err
    assert organization.state() == before


def test_a_row_that_a_guest_refers_to_asks_for_consent(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    organization.book_as(organization.ids("contacts")[0])
    before = organization.state()
    workspace.write("contacts: {}\n")
    assert "hint: add --allow referenced" in workspace.apply(code=4).err
    assert organization.state() == before
    # the server has the last word: it does not delete what is referenced
    done = workspace.apply("--allow", "referenced", code=5)
    assert "23503" in done.err
    assert organization.state() == before


def test_a_kind_that_may_reference_a_row_and_cannot_be_read_keeps_it(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    workspace.write("contacts: {}\n")
    workspace.environment["BOOKINGMOOD_API_KEY"] = "no-links-key"
    plan = workspace.plan()
    assert plan["changes"] == []
    assert "stays: contact_bookings may reference it, but cannot be read" in str(plan["notes"])


def test_a_coupon_that_is_marked_as_deleted_is_brought_back_and_is_no_orphan(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("coupons:\n  ten: {code: TEN}\n")
    workspace.apply()
    organization.change("coupons", organization.ids("coupons")[0], deleted_at="2026-01-01")
    assert workspace.actions() == ["update coupons.ten"]
    workspace.apply()
    assert organization.one("coupons")["deleted_at"] is None
    assert workspace.actions() == []
    organization.change("coupons", organization.ids("coupons")[0], deleted_at="2026-01-01")
    workspace.write("taxes: {}\n")
    assert workspace.actions() == []
