"""What apply refuses before it writes anything: consents, protection; and what limits mean."""

import pytest

from tests.commandline import Workspace
from tests.organization import Organization

TAXES = "  t{n}: {{label: {{default: T{n}}}, percentage: {p}, type: included}}\n"
PRODUCT = "products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}\n"
MEMBER = "members: {helper: {email: helper@example.test, name: H, language: en-US}}\n"


def taxes(*numbers: int, percentage: int = 5) -> str:
    return "taxes:\n" + "".join(TAXES.format(n=n, p=percentage) for n in numbers)


def refused(workspace: Workspace, organization: Organization, *allowed: str) -> str:
    """Apply, which must be refused, and must not have written anything."""
    before = organization.state()
    options = ("--allow", ",".join(allowed)) if allowed else ()
    done = workspace.run("apply", "--auto-approve", *options)
    assert done.code == 4, done.all
    assert "nothing was changed" in done.err
    assert organization.state() == before
    return done.err


@pytest.mark.parametrize(
    ("before", "after", "needed"),
    [
        ("", PRODUCT, ["billing-create"]),
        (PRODUCT, "taxes: {}", ["billing-delete", "cascade"]),
        ("", MEMBER, ["invites"]),
        (taxes(1, 2, 3), taxes(1), ["deletes"]),
        (taxes(*range(20)), taxes(*range(20), percentage=6), ["updates"]),
    ],
)
def test_a_consent_is_asked_for_with_the_exact_flag(
    workspace: Workspace, organization: Organization, before: str, after: str, needed: list[str]
) -> None:
    workspace.write(before or "taxes: {}")
    workspace.apply("--allow", "billing-create")
    workspace.write(after)
    assert f"hint: add --allow {','.join(needed)}\n" in refused(workspace, organization)
    for name in needed:
        rest = [other for other in needed if other != name]
        if rest:
            assert f"--allow {name}\n" in refused(workspace, organization, *rest)
    workspace.apply("--allow", ",".join(needed))
    assert workspace.actions() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (taxes(1, 2, 3, 4), taxes(1, 2, 3)),  # one delete never is many
        (taxes(*range(10)), taxes(*range(3, 10))),  # 30 % is not more than 30 %
        (taxes(*range(9)), taxes(*range(9), percentage=6)),  # fewer than ten updates
    ],
)
def test_small_changes_need_no_consent(workspace: Workspace, before: str, after: str) -> None:
    workspace.write(before)
    workspace.apply()
    workspace.write(after)
    workspace.apply()


def test_a_foreign_row_that_references_is_known_before(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts: {jane: {email: jane@example.test}}")
    workspace.apply()
    organization.book_as(organization.ids("contacts")[0])
    workspace.write("taxes: {}")
    assert "--allow referenced" in refused(workspace, organization)


@pytest.mark.parametrize("name", ["contacts", "contacts.jane"])
def test_what_is_protected_is_never_deleted(
    workspace: Workspace, organization: Organization, name: str
) -> None:
    workspace.write("contacts: {jane: {email: jane@example.test}}")
    workspace.apply()
    block = f"reconciler: {{stack: {workspace.stack}, protect: [{name}]}}\n"
    workspace.write(block + "contacts: {jane: {$absent: true}}")
    words = refused(workspace, organization, "deletes", "referenced")
    assert "protected, and never deleted: contacts" in words
    workspace.write(block + "taxes: {}")
    assert "is protected, so it stays" in workspace.apply().out
    assert len(organization.ids("contacts")) == 1


def test_a_run_says_what_is_protected_by_nobody(workspace: Workspace) -> None:
    block = f"reconciler: {{stack: {workspace.stack}, protect: [contacts.jnae]}}\n"
    workspace.write(block + "contacts: {jane: {email: jane@example.test}}\ntasks: {t: {}}")
    done = workspace.run("plan", "--kinds", "contacts")
    assert (done.code, done.err.count("contacts.jnae")) == (0, 2)
    assert "missing-column" not in done.err


def test_an_unknown_consent_is_refused(workspace: Workspace) -> None:
    workspace.write("taxes: {}")
    done = workspace.run("apply", "--auto-approve", "--allow", "everything")
    assert done.code == 1
    assert "there is no consent called everything" in done.err


# -- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limit", [("--target", "bookings.summer"), ("--kinds", "bookings"), ("--kinds", "seasons")]
)
def test_what_is_limited_never_deletes(
    workspace: Workspace, organization: Organization, limit: tuple[str, str]
) -> None:
    workspace.write(taxes(1, 2, 3) + "seasons: {}\n")
    workspace.apply()
    workspace.write(
        "bookings:\n  summer: {reference: S, currency: EUR, display_currency: EUR,"
        " exchange_rate: 1, silent: true}\nseasons: {}\n"
    )
    done = workspace.run("apply", "--auto-approve", *limit)
    assert done.code == 0, done.all
    assert len(organization.rows("taxes")) == 3


def test_a_target_brings_what_it_refers_to_and_nothing_else(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        taxes(1)
        + """\
contacts: {jane: {email: jane@example.test}, john: {email: john@example.test}}
bookings:
  summer: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: summer}
  - {contact_id: john, booking_id: summer}
"""
    )
    workspace.apply("--target", "contact_bookings.jane--summer")
    assert [row["email"] for row in organization.rows("contacts")] == ["jane@example.test"]
    assert len(organization.rows("contact_bookings")) == len(organization.rows("bookings")) == 1
    assert organization.rows("taxes") == []


def test_bindings_that_cannot_be_written_stop_a_run_before_it_begins(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(PRODUCT + taxes(1))
    (workspace.folder / "bindings").write_text("a file where the folder should be")
    done = workspace.run("apply", "--auto-approve", "--allow", "billing-create")
    assert done.code == 1
    assert organization.rows("taxes") == organization.rows("products") == []


def test_a_journal_that_cannot_be_written_stops_a_run_before_it_begins(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(taxes(1))
    (workspace.folder / ".reconciler").write_text("a file where the folder should be")
    done = workspace.run("apply", "--auto-approve")
    assert done.code == 1
    assert "the journal" in done.err
    assert organization.rows("taxes") == []
