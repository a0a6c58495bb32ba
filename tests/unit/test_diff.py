"""Comparing: what becomes a change, what a note, and what is an error."""

from dataclasses import replace

import pytest

from reconciler.bindings import Origin
from reconciler.configuration.resource import IdMap, Value
from reconciler.identity.found import Found, Orphan
from reconciler.planning.diff import Differences, diff
from reconciler.values.column import JSON
from reconciler.values.sent import Pending
from tests.builders import (
    KINDS,
    address,
    configuration,
    foreign_id,
    line_of,
    lookup,
    own_id,
    ref,
    resource,
    row,
    row_ref,
)
from tests.differing import compare, identities, lines, only, there

# -- one resource ---------------------------------------------------------------------------------


def test_what_is_not_there_is_created_with_all_its_columns() -> None:
    found = only(compare(resource("contacts.jane", first_name="Jane", notes=None)))
    assert line_of(found) == "create contacts.jane"
    assert found.id == own_id("contacts.jane")
    assert found.after == {"first_name": "Jane", "notes": None}
    assert found.row is None


def test_what_is_as_desired_is_a_no_op() -> None:
    jane = resource("contacts.jane", first_name="Jane")
    live = there("contacts.jane", first_name="Jane", last_name="Doe")
    assert lines(compare(jane, found=live)) == ["1 unchanged"]


def test_only_the_columns_that_differ_are_changed() -> None:
    jane = resource("contacts.jane", first_name="Jane", last_name="Doe")
    live = there("contacts.jane", first_name="Joan", last_name="Doe", city="Oslo")
    found = only(compare(jane, found=live))
    assert line_of(found) == "update contacts.jane"
    assert {name: (d.before, d.after) for name, d in found.columns.items()} == {
        "first_name": ("Joan", "Jane")
    }
    assert found.row == live["contacts.jane"].row


@pytest.mark.parametrize(
    ("kind", "column", "given", "stored"),
    [
        ("taxes", "percentage", 0.1, 0.10000000149011612),
        ("taxes", "percentage", 21, 21.0),
        ("coupons", "deleted_at", "2026-07-01 16:00+02", "2026-07-01T14:00:00+00:00"),
        ("message_templates", "time", "9:30", "09:30:00"),
        ("contacts", "meta", {"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0}),
        ("price_calendar_entries", "intervals", "{[2026-01-01,2026-01-02]}",
         "{[2026-01-01,2026-01-03)}"),
        ("contacts", "avatar", None, None),
        ("webhooks", "events", [], []),
    ],
)  # fmt: skip
def test_another_spelling_is_no_difference(
    kind: str, column: str, given: Value, stored: JSON
) -> None:
    name = f"{kind}.x"
    found = compare(resource(name, {column: given}), found=there(name, **{column: stored}))
    assert lines(found) == ["1 unchanged"]


@pytest.mark.parametrize(
    ("given", "stored"),
    [(None, "x"), ("", None), ("x", None), ("NO", "no")],
)
def test_null_and_empty_and_case_are_differences(given: Value, stored: JSON) -> None:
    jane = resource("contacts.jane", avatar=given)
    found = compare(jane, found=there("contacts.jane", avatar=stored))
    assert lines(found) == ["update contacts.jane"]


def test_what_the_server_sends_unheard_of_is_a_difference_and_no_crash() -> None:
    tax = resource("taxes.vat", percentage=21)
    found = only(compare(tax, found=there("taxes.vat", percentage="NaN")))
    assert list(found.columns) == ["percentage"]


@pytest.mark.parametrize(
    ("name", "column", "odd"),
    [
        ("contacts.x", "avatar", {"no": "text"}),
        ("contacts.x", "avatar", False),
        ("coupons.x", "deleted_at", "one day"),
        ("coupons.x", "deleted_at", ""),
        ("services.x", "parent_id", 0),
        ("webhooks.x", "events", "none"),
    ],
)
def test_an_odd_value_is_never_taken_for_null(name: str, column: str, odd: JSON) -> None:
    """The reader refuses such rows; one that came through all the same must not look as desired."""
    with pytest.raises(ValueError, match="not a"):
        compare(resource(name, {column: None}), found=there(name, **{column: odd}))


def test_a_column_that_the_server_moves_is_compared_where_it_is_written_and_then_said() -> None:
    """It locks nothing, either: else no row could be deleted between two synchronisations."""
    name, column = "external_calendars.feed", "sync_requested_at"
    live = there(name, sync_requested_at="2026-07-01T00:00:00+00:00")
    given = resource(name, sync_requested_at="2026-06-01T00:00:00Z")
    found = compare(given, found=live)
    assert lines(found) == ["update external_calendars.feed"]
    assert [note.code for note in found.notes] == ["volatile-column"]
    assert compare(resource(name), found=live).notes == []
    locked = KINDS["external_calendars"].lock_columns
    assert column not in {one.name for one in locked}
    assert not KINDS["external_calendars"].columns[column].exported


def test_a_zone_in_another_case_is_the_same_zone() -> None:
    villa = resource("products.villa", timezone="Europe/Amsterdam")
    found = compare(villa, found=there("products.villa", timezone="europe/amsterdam"))
    assert lines(found) == ["1 unchanged"]


def test_an_empty_configuration_changes_nothing() -> None:
    assert compare() == Differences()


# -- references -----------------------------------------------------------------------------------


def test_references_become_ids_and_are_needed_first() -> None:
    link = resource(
        "contact_bookings.jane--stay",
        contact_id=ref("contacts.jane"),
        booking_id=row_ref("bookings", foreign_id(1)),
    )
    jane = resource("contacts.jane")
    *_, found = compare(jane, link).changes
    assert found.after == {"contact_id": own_id("contacts.jane"), "booking_id": foreign_id(1)}
    assert found.needs == {address("contacts.jane")}


def test_an_id_of_our_own_range_is_treated_as_that_resource() -> None:
    link = resource(
        "contact_bookings.x--y",
        contact_id=row_ref("contacts", own_id("contacts.jane")),
        booking_id=row_ref("bookings", foreign_id(1)),
    )
    *_, found = compare(resource("contacts.jane"), link).changes
    assert found.needs == {address("contacts.jane")}


def test_an_id_and_a_key_of_one_row_do_not_make_two_links() -> None:
    stay = row_ref("bookings", foreign_id(1))
    by_id = resource(
        "contact_bookings.x--y",
        contact_id=row_ref("contacts", own_id("contacts.jane")),
        booking_id=stay,
    )
    by_key = resource("contact_bookings.jane--y", contact_id=ref("contacts.jane"), booking_id=stay)
    other = resource("contact_bookings.john--y", contact_id=ref("contacts.john"), booking_id=stay)
    people = resource("contacts.jane"), resource("contacts.john")
    [problem] = compare(*people, by_id, by_key, other).problems
    assert (problem.code, problem.address) == ("two-claims", "contact_bookings.jane--y")


def test_an_id_that_the_server_will_choose_stands_for_itself() -> None:
    product = resource("products.villa", name={"default": "V"}, rent_period="daily", timezone="UTC")
    listing = resource("product_services.a--b", product_id=ref("products.villa"),
                       service_id=row_ref("services", foreign_id(1)))  # fmt: skip
    *_, found = compare(product, listing).changes
    assert found.after["product_id"] == Pending(address("products.villa"))


def test_references_inside_json_are_resolved_and_needed() -> None:
    group = resource("capacity_groups.adults")
    event = resource(
        "calendar_events.e",
        product_id=row_ref("products", foreign_id(1)),
        type="blocked-period",
        occupancy=IdMap(((ref("capacity_groups.adults"), 2),)),
    )
    *_, found = compare(group, event).changes
    assert found.after["occupancy"] == {own_id("capacity_groups.adults"): 2}
    assert found.needs == {address("capacity_groups.adults")}


def test_a_lookup_becomes_the_id_it_found() -> None:
    owner = lookup("user_profiles", email="owner@example.com")
    jane = resource("contacts.jane", creator_id=owner)
    found = only(compare(jane, lookups={owner: foreign_id(5)}))
    assert found.after == {"creator_id": foreign_id(5)}


# -- verbs that a kind lacks ----------------------------------------------------------------------


def test_what_cannot_be_created_is_a_note() -> None:
    found = compare(resource("sites.main", subdomain="villa"))
    assert found.changes == []
    [note] = found.notes
    assert note.message == "sites.main does not exist, and the API cannot create sites"
    assert found.unmet == {address("sites.main")}
    assert note.severity == "warning"


def test_a_reference_to_what_cannot_be_created_is_an_error_at_its_place() -> None:
    page = resource("site_pages.home", site_id=ref("sites.main"), line=9)
    found = compare(resource("sites.main", subdomain="villa"), page)
    [problem] = found.problems
    assert problem.code == "reference-to-missing"
    assert problem.position is not None
    assert problem.position.line == 9
    assert "sites.main" in problem.message


def test_what_cannot_be_changed_is_a_note_and_never_pending() -> None:
    member = resource("members.ann", inputs={"email": "ann@example.com"}, role="admin")
    live = {"members.ann": Found(foreign_id(1), row("members", foreign_id(1), role="user"), "id")}
    found = compare(member, found=live)
    assert lines(found) == ["no-op members.ann"]
    [note] = found.notes
    assert note.message == "members.ann differs in role, and the API cannot change members"
    assert found.unmet == {address("members.ann")}


def test_what_cannot_be_deleted_is_a_note() -> None:
    site = row("sites", foreign_id(1))
    found = compare(orphans=[Orphan("sites", foreign_id(1), None)], rows=[("sites", site)])
    assert found.changes == []
    [note] = found.notes
    assert note.message.startswith(f"sites[{foreign_id(1)}] is no longer wanted")


def test_what_is_missing_to_create_is_an_error_that_names_all_of_it() -> None:
    found = compare(resource("bookings.stay", currency="EUR", line=4))
    [problem] = found.problems
    assert problem.code == "missing-column"
    assert "display_currency, exchange_rate" in problem.message
    assert "organization_id" not in problem.message
    assert problem.position is not None
    assert problem.position.line == 4


def test_what_is_missing_to_create_does_not_matter_where_the_row_exists() -> None:
    stay = resource("bookings.stay", currency="EUR")
    found = compare(stay, found=there("bookings.stay", currency="USD"))
    assert not found.problems
    assert lines(found) == ["update bookings.stay"]


# -- adoption, renames, bindings ------------------------------------------------------------------


@pytest.mark.parametrize(("bind", "action"), [("adopted", "adopt"), ("owned", "rename")])
@pytest.mark.parametrize("stored", ["Jane", "Joan"])
def test_what_must_be_bound_is_a_change_even_where_no_column_is(
    bind: Origin, action: str, stored: str
) -> None:
    jane = resource("contacts.jane", first_name="Jane")
    live = row("contacts", foreign_id(1), first_name=stored)
    found = Found(foreign_id(1), live, "natural key", bind, renamed=bind == "owned")
    change = only(compare(jane, found={"contacts.jane": found}))
    assert line_of(change) == f"{action} contacts.jane"
    assert change.binding == bind
    assert change.id == foreign_id(1)
    assert list(change.columns) == ([] if stored == "Jane" else ["first_name"])
    assert change.reason == "natural key"


def test_an_adopted_row_that_was_given_another_key_is_renamed_and_stays_adopted() -> None:
    found = Found(
        foreign_id(1), row("contacts", foreign_id(1)), "renamed_from", "adopted", renamed=True
    )
    change = only(
        compare(resource("contacts.jane", renamed_from="joan"), found={"contacts.jane": found})
    )
    assert (change.action.value, change.binding) == ("rename", "adopted")


def test_what_the_server_numbers_is_bound_when_it_is_created() -> None:
    product = resource("products.villa", name={"default": "V"}, rent_period="daily", timezone="UTC")
    change = only(compare(product))
    assert (change.id, change.binding) == (None, "owned")
    assert change.consents == ("billing-create",)


def test_a_row_in_place_of_one_that_is_gone_is_bound_too() -> None:
    """Else its old binding would be reported for ever."""
    jane = resource("contacts.jane")
    known = replace(identities(jane), gone=frozenset({jane.address}))
    change = only(diff(configuration(jane), KINDS, known, {}))
    assert (change.id, change.binding) == (own_id("contacts.jane"), "owned")


def test_what_cannot_be_listed_is_bound_when_created_and_left_alone_then() -> None:
    name = "task_template_assignees.a--b"
    values: dict[str, Value] = {
        "task_template_id": row_ref("task_templates", foreign_id(1)),
        "member_id": row_ref("members", foreign_id(2)),
    }
    assert only(compare(resource(name, values))).binding == "owned"
    bound = {name: Found(own_id(name), None, "binding")}
    assert lines(compare(resource(name, values), found=bound)) == [f"no-op {name}"]
