"""Others act at the same time: what they did after the plan was made is not undone unseen."""

from collections.abc import Callable

import pytest

from tests.commandline import Workspace
from tests.front import Forward, Reply, Request, Rule, front
from tests.organization import Organization

JANET = "contacts:\n  jane: {first_name: Janet}\n"


def once_before(method: str, kind: str, act: Callable[[], object]) -> Rule:
    """A rule that does something just before the first request of a kind."""
    acted = False

    def rule(request: Request, forward: Forward) -> Reply:
        nonlocal acted
        if (request.method, request.kind) == (method, kind) and not acted:
            acted = True
            act()
        return forward(request)

    return rule


def test_a_guest_who_books_after_the_plan_survives_with_the_contact(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\ntaxes:\n  vat: {percentage: 21}\n")
    workspace.apply()
    [jane] = organization.ids("contacts")
    workspace.write("taxes:\n  vat: {percentage: 9}\n")
    rule = once_before("PATCH", "taxes", lambda: organization.book_as(jane))
    with front(rule, organization.url) as url:
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
    workspace.write("taxes:\n  vat: {percentage: 9}\n")
    rule = once_before("PATCH", "taxes", lambda: organization.book(villa))
    with front(rule, organization.url) as url:
        done = workspace.apply("--api-url", url, "--allow", "billing-delete,cascade", code=5)
    assert "which the plan did not list" in done.err
    assert organization.ids("products") == [villa]
    assert len(organization.ids("bookings")) == 1


@pytest.fixture
def jane(workspace: Workspace, organization: Organization) -> str:
    """The id of a contact that was applied."""
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    return organization.ids("contacts")[0]


def test_a_row_whose_other_columns_were_changed_meanwhile_is_changed_all_the_same(
    workspace: Workspace, organization: Organization, jane: str
) -> None:
    workspace.write(JANET)
    rule = once_before(
        "PATCH", "contacts", lambda: organization.change("contacts", jane, city="Oslo")
    )
    with front(rule, organization.url) as url:
        workspace.apply("--api-url", url)
    row = organization.one("contacts")
    assert (row["first_name"], row["city"]) == ("Janet", "Oslo")


@pytest.mark.parametrize("command", ["update", "delete"])
def test_a_row_that_was_changed_meanwhile_is_left_alone(
    workspace: Workspace, organization: Organization, jane: str, command: str
) -> None:
    workspace.write(JANET if command == "update" else "contacts: {}\n")
    method = "PATCH" if command == "update" else "DELETE"
    rule = once_before(
        method, "contacts", lambda: organization.change("contacts", jane, first_name="Joan")
    )
    with front(rule, organization.url) as url:
        done = workspace.apply("--api-url", url, code=1)
    assert "stale" in done.err
    assert organization.one("contacts")["first_name"] == "Joan"


def test_a_row_that_somebody_made_as_desired_meanwhile_counts_as_done(
    workspace: Workspace, organization: Organization, jane: str
) -> None:
    workspace.write(JANET)
    rule = once_before(
        "PATCH", "contacts", lambda: organization.change("contacts", jane, first_name="Janet")
    )
    with front(rule, organization.url) as url:
        assert "Applied: 1 done" in workspace.apply("--api-url", url).out


def test_a_row_that_went_meanwhile_counts_as_deleted_and_cannot_be_changed(
    workspace: Workspace, organization: Organization, jane: str
) -> None:
    workspace.write(JANET)
    rule = once_before("PATCH", "contacts", lambda: organization.remove("contacts", jane))
    with front(rule, organization.url) as url:
        assert "the row is gone" in workspace.apply("--api-url", url, code=1).err
    assert workspace.actions() == ["create contacts.jane"]
