"""Others act at the same time: what they did after the plan was made is not undone unseen."""

from collections.abc import Callable

import pytest

from tests.commandline import Workspace
from tests.front import Forward, Reply, Request, Rule, front
from tests.linked import booking
from tests.organization import Organization


def once_before(method: str, kind: str, act: Callable[[], object], number: int = 1) -> Rule:
    """A rule that does something just before a request of a kind, the first or a later one."""
    seen = 0

    def rule(request: Request, forward: Forward) -> Reply:
        nonlocal seen
        if (request.method, request.kind) == (method, kind):
            seen += 1
            if seen == number:
                act()
        return forward(request)

    return rule


def test_a_guest_who_books_after_the_plan_survives_with_the_contact(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\ntaxes:\n  vat: {percentage: 21}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")

    def books() -> None:
        stay = booking(organization)
        organization.insert("contact_bookings", contact_id=jane, booking_id=stay["id"])

    workspace.write("taxes:\n  vat: {percentage: 9}\n")
    with front(once_before("PATCH", "taxes", books), organization.url) as url:
        done = workspace.apply("--api-url", url, code=5)
    assert "which the plan did not list" in done.err
    assert organization.ids("contacts") == [jane]
    assert len(organization.ids("contact_bookings")) == 1
    assert organization.one("taxes")["percentage"] == 9
    assert "--allow referenced" in workspace.apply(code=4).err


def test_a_guest_who_books_after_the_plan_survives_with_the_product(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"
        "taxes:\n  vat: {percentage: 21}\n"
    )
    workspace.apply("--allow", "billing-create")
    [villa] = organization.ids("products")

    def books() -> None:
        stay = booking(organization)
        organization.insert(
            "calendar_events", product_id=villa, booking_id=stay["id"], type="booking"
        )

    workspace.write("taxes:\n  vat: {percentage: 9}\n")
    with front(once_before("PATCH", "taxes", books), organization.url) as url:
        done = workspace.apply("--api-url", url, "--allow", "billing-delete,cascade", code=5)
    assert "which the plan did not list" in done.err
    assert organization.ids("products") == [villa]
    assert len(organization.ids("bookings")) == 1


def test_a_row_whose_other_columns_were_changed_meanwhile_is_changed_all_the_same(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")
    workspace.write("contacts:\n  jane: {first_name: Janet}\n")

    def edits() -> None:
        organization.change("contacts", jane, city="Oslo")

    with front(once_before("PATCH", "contacts", edits), organization.url) as url:
        workspace.apply("--api-url", url)
    row = organization.one("contacts")
    assert (row["first_name"], row["city"]) == ("Janet", "Oslo")


@pytest.mark.parametrize("command", ["update", "delete"])
def test_a_row_that_was_changed_meanwhile_is_left_alone(
    workspace: Workspace, organization: Organization, command: str
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")
    workspace.write(
        "contacts:\n  jane: {first_name: Janet}\n" if command == "update" else "contacts: {}\n"
    )

    def edits() -> None:
        organization.change("contacts", jane, first_name="Joan")

    method = "PATCH" if command == "update" else "DELETE"
    with front(once_before(method, "contacts", edits), organization.url) as url:
        done = workspace.apply("--api-url", url, code=5)
    assert "stale" in done.err
    assert organization.one("contacts")["first_name"] == "Joan"


def test_a_row_that_somebody_made_as_desired_meanwhile_counts_as_done(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")
    workspace.write("contacts:\n  jane: {first_name: Janet}\n")

    def edits() -> None:
        organization.change("contacts", jane, first_name="Janet")

    with front(once_before("PATCH", "contacts", edits), organization.url) as url:
        assert "Applied: 1 done" in workspace.apply("--api-url", url).out


def test_a_row_that_went_meanwhile_counts_as_deleted_and_cannot_be_changed(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")
    workspace.write("contacts:\n  jane: {first_name: Janet}\n")

    def goes() -> None:
        organization.remove("contacts", jane)

    with front(once_before("PATCH", "contacts", goes), organization.url) as url:
        assert "the row is gone" in workspace.apply("--api-url", url, code=5).err
    assert workspace.actions() == ["create contacts.jane"]
