"""Comparing: what a change tells besides its values, and in which form a value may be stored."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.configuration.resource import Resource, Unknown, Value
from reconciler.diagnostics import Position
from reconciler.plan.change import Action
from reconciler.planning.diff import diff
from reconciler.values.column import JSON
from reconciler.values.sent import Pending
from reconciler.values.stored import Form
from tests.builders import KINDS, Told, address, configuration, foreign_id, ref, resource, row_ref
from tests.differing import compare, identities, lines, only, there

# -- places ---------------------------------------------------------------------------------------


def at(places: Mapping[str, tuple[str, int]], one: Resource) -> Resource:
    """Say where columns stand."""
    columns = {name: Position(file, line, 5) for name, (file, line) in places.items()}
    return replace(one, places=Told(one.position, columns))


BLOCK = ("villa.yaml", 1)


@pytest.mark.parametrize(
    ("places", "stands"),
    [
        ({}, BLOCK),
        ({"email": ("villa.yaml", 2), "city": ("villa.yaml", 3)}, BLOCK),
        ({"email": ("live.yaml", 9), "city": ("live.yaml", 7)}, ("live.yaml", 7)),
        ({"email": ("live.yaml", 9)}, ("live.yaml", 9)),
        ({"email": ("live.yaml", 9), "city": ("villa.yaml", 3)}, BLOCK),
        ({"email": ("live.yaml", 9), "city": ("more.yaml", 3)}, BLOCK),
        ({"notes": ("live.yaml", 9)}, BLOCK),  # it does not differ
    ],
)
def test_a_change_stands_where_its_values_are_given(
    places: Mapping[str, tuple[str, int]], stands: tuple[str, int]
) -> None:
    jane = at(places, resource("contacts.jane", email="a@x", city="Oslo", notes="n"))
    found = only(compare(jane, found=there("contacts.jane", email="b@x", city="Rome", notes="n")))
    assert found.position is not None
    assert (found.position.file, found.position.line) == stands
    assert found.places is not None
    assert all(found.places.of(name) == jane.places.of(name) for name in found.columns)


def test_a_created_column_says_where_it_stands() -> None:
    jane = at({"email": ("live.yaml", 9)}, resource("contacts.jane", email="a@x", city="Oslo"))
    found = only(compare(jane))
    assert found.places is not None
    assert found.places.of("email") == Position("live.yaml", 9, 5)
    assert found.places.of("city") is None


def test_what_is_said_of_a_column_stands_at_the_column() -> None:
    feed = at(
        {"sync_requested_at": ("villa.yaml", 4)},
        resource("external_calendars.feed", sync_requested_at="2026-06-01T00:00:00Z"),
    )
    live = there("external_calendars.feed", sync_requested_at="2026-07-01T00:00:00+00:00")
    [volatile] = compare(feed, found=live).notes
    secret = at(
        {"signing_secret": ("villa.yaml", 4)},
        resource("webhooks.hook", signing_secret=Unknown("SECRET", "set SECRET")),
    )
    unset = next(one for one in compare(secret).problems if one.code == "unset-variable")
    gone = at({"$absent": ("villa.yaml", 4)}, resource("contacts.jane", absent=True))
    found = there("contacts.jane")
    whole = [("contacts", found["contacts.jane"].row or {})]
    [delete] = compare(gone, found=found, rows=whole).changes
    assert volatile.position == unset.position == delete.position == Position("villa.yaml", 4, 5)


# -- needs, consents, marks -----------------------------------------------------------------------


def test_an_update_needs_what_it_refers_to() -> None:
    service = resource("services.child", parent_id=ref("services.top"))
    *_, found = compare(resource("services.top"), service, found=there("services.child")).changes
    assert found.action is Action.UPDATE
    assert found.needs == {address("services.top")}


@pytest.mark.parametrize(("stored", "asked"), [(True, ()), (False, ("notifies",))])
def test_a_consent_looks_at_the_columns_that_stay(stored: bool, asked: tuple[str, ...]) -> None:
    stay = resource("bookings.stay", confirmed_at="2026-01-01T00:00:00Z")
    found = only(compare(stay, found=there("bookings.stay", confirmed_at=None, silent=stored)))
    assert found.consents == asked


@pytest.mark.parametrize(
    ("name", "column", "stored", "unconfirmed"),
    [
        ("seasons.summer", "value", "old", [True]),
        ("seasons.summer", "value", "new", []),  # nothing is sent
        ("contacts.jane", "city", "old", [False]),
    ],
)
def test_an_update_that_nobody_has_tried_is_marked(
    name: str, column: str, stored: JSON, unconfirmed: list[bool]
) -> None:
    found = compare(resource(name, {column: "new"}), found=there(name, **{column: stored}))
    assert [change.unconfirmed for change in found.changes] == unconfirmed


def test_a_row_that_is_brought_back_says_since_when_it_was_gone() -> None:
    stamp = "2026-01-01T00:00:00+00:00"
    found = only(compare(resource("coupons.ten"), found=there("coupons.ten", deleted_at=stamp)))
    assert found.columns["deleted_at"].before == stamp


# -- values that are not known yet, or stored in a form of their own ------------------------------


def test_an_id_that_only_the_server_gives_is_always_a_difference() -> None:
    name: dict[str, Value] = {"default": "V"}
    villa = resource("products.villa", name=name, rent_period="daily", timezone="UTC")
    listing = resource(
        "product_services.a--b",
        product_id=ref("products.villa"),
        service_id=row_ref("services", foreign_id(1)),
    )
    live = there("product_services.a--b", product_id=foreign_id(2), service_id=foreign_id(1))
    *_, found = compare(villa, listing, found=live).changes
    assert found.after == {"product_id": Pending(address("products.villa"))}


@pytest.mark.parametrize(
    ("forms", "stored", "said"),
    [
        ({}, "jane@x", "update contacts.jane"),
        ({"contacts.email": Form("lower")}, "jane@x", "1 unchanged"),
        ({"contacts.email": Form("lower")}, "joan@x", "update contacts.jane"),
        ({"contacts.city": Form("lower")}, "jane@x", "update contacts.jane"),
        ({"bookings.email": Form("lower")}, "jane@x", "update contacts.jane"),
        ({"contacts.email": Form("trim")}, "jane@x", "update contacts.jane"),
    ],
)
def test_a_form_in_which_the_server_stores_a_column_is_no_difference(
    forms: Mapping[str, Form], stored: str, said: str
) -> None:
    jane = resource("contacts.jane", email="Jane@X")
    known = identities(jane, found=there("contacts.jane", email=stored))
    assert lines(diff(configuration(jane), KINDS, known, {}, forms)) == [said]
