"""What a person would call the same is not made twice, by an apply on a real server."""

from tests.commandline import Workspace
from tests.organization import Organization

BLOCKED = "type: blocked-period, start_date: 2026-04-01, end_date: 2026-04-05"
LATER = "type: blocked-period, start_date: 2026-05-01, end_date: 2026-05-09"


def test_a_blocked_period_is_known_by_its_uid_or_its_dates(
    workspace: Workspace, organization: Organization
) -> None:
    villa = organization.product("Villa")
    days = {"product_id": villa, "start_date": "2026-04-01", "end_date": "2026-04-05"}
    organization.insert("calendar_events", type="blocked-period", uid="1@feed.example", **days)
    later = {**days, "start_date": "2026-05-01", "end_date": "2026-05-09"}
    organization.insert("calendar_events", type="blocked period", title="Closed", **later)
    workspace.write(
        f"calendar_events:\n"
        f"  feed: {{product_id: {villa}, {BLOCKED}, uid: 1@feed.example}}\n"
        f"  hand: {{product_id: {villa}, {LATER}}}\n"
        f"  new: {{product_id: {villa}, {BLOCKED}, uid: 2@feed.example}}\n"
    )
    assert set(workspace.actions()) == {
        "create calendar_events.new",
        "adopt calendar_events.feed",
        "adopt calendar_events.hand",
    }
    workspace.apply()
    assert len(organization.rows("calendar_events")) == 3
    assert workspace.actions() == []


def test_an_address_is_the_same_in_capitals(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com", first_name="Jane")
    organization.insert("members", email="anna@example.com")
    workspace.write(
        "contacts: {jane: {email: Jane@Example.com, first_name: Jane}}\n"
        "members: {anna: {email: Anna@Example.com}}\n"
        "bookings: {stay: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1}}\n"
        "contact_bookings:\n"
        "  - {contact_id: jane, booking_id: stay}\n"
    )
    said = workspace.actions()
    assert "adopt contacts.jane" in said
    assert "adopt members.anna" in said
    workspace.apply("--allow", "updates")
    assert [row["email"] for row in organization.rows("contacts")] == ["Jane@Example.com"]
    assert workspace.actions() == []


def test_a_lookup_finds_an_address_in_capitals(
    workspace: Workspace, organization: Organization
) -> None:
    organization.insert("contacts", email="jane@example.com")
    organization.booking(reference="S")
    workspace.write(
        "contact_bookings:\n"
        "  - contact_id: {lookup: {email: Jane@Example.com}}\n"
        "    booking_id: {lookup: {reference: S}}\n"
    )
    workspace.apply()
    assert len(organization.rows("contact_bookings")) == 1
