"""Lookups find exactly one row, and none that this plan is about."""

from dataclasses import replace

import pytest

from reconciler.diagnostics import Position
from reconciler.live.rows import Question
from reconciler.values.column import JSON
from tests.builders import Told, foreign_id, live, lookup, own_id, resource, row, row_ref
from tests.matching import FOREIGN, match

OWNER_LOOKUP = lookup("user_profiles", email="owner@example.com")
BY_OWNER = Question("user_profiles", "email", "owner@example.com")
WITH_LOOKUP = resource("contacts.jane", creator_id=OWNER_LOOKUP, line=5)


def profile(number: int, **values: JSON) -> dict[str, JSON]:
    return row("user_profiles", foreign_id(number), email="owner@example.com", **values)


def test_a_lookup_is_asked_for_and_found() -> None:
    assert match(WITH_LOOKUP).questions == {BY_OWNER}
    found = match(WITH_LOOKUP, rows=live([BY_OWNER], user_profiles=[profile(7)]))
    assert found.lookups == {OWNER_LOOKUP: foreign_id(7)}
    assert not found.problems


@pytest.mark.parametrize(
    ("numbers", "code"), [([], "lookup-finds-nothing"), ([7, 8], "ambiguous-lookup")]
)
def test_a_lookup_finds_exactly_one_row(numbers: list[int], code: str) -> None:
    rows = live([BY_OWNER], user_profiles=[profile(n) for n in numbers])
    [problem] = match(WITH_LOOKUP, rows=rows).problems
    assert problem.code == code
    assert str(problem.position) == "villa.yaml:5:3"
    assert "owner@example.com" not in problem.message  # personal
    for number in numbers:
        assert foreign_id(number) in problem.message


def test_all_values_of_a_lookup_count() -> None:
    both = lookup("user_profiles", email="owner@example.com", language="nl")
    rows = live([BY_OWNER], user_profiles=[profile(7, language="nl"), profile(8, language="en")])
    found = match(resource("contacts.jane", creator_id=both), rows=rows)
    assert found.lookups == {both: foreign_id(7)}


def test_a_failing_lookup_that_is_used_twice_is_reported_at_both_places() -> None:
    second = resource("contacts.john", creator_id=OWNER_LOOKUP, line=8)
    rows = live([BY_OWNER], user_profiles=[])
    found = match(WITH_LOOKUP, second, rows=rows)
    assert [str(p.position) for p in found.problems] == ["villa.yaml:5:3", "villa.yaml:8:3"]


def test_a_failing_lookup_in_the_key_of_a_link_is_reported_once() -> None:
    link = resource(
        "permissions.x--y",
        member_id=row_ref("members", foreign_id(1)),
        product_id=lookup("products", timezone="UTC"),
    )
    found = match(link, rows=live([Question("products", "timezone", "UTC")], products=[]))
    assert [p.code for p in found.problems] == ["lookup-finds-nothing"]


def test_a_lookup_of_what_this_plan_is_about_is_refused_with_its_key() -> None:
    site = resource("sites.main", subdomain="villa")
    by_subdomain = lookup("sites", subdomain="villa")
    stay = replace(
        resource("bookings.stay", site_id=by_subdomain),
        places=Told(Position("villa.yaml", 1, 3), {"site_id": Position("villa.yaml", 8, 5)}),
    )
    rows = live(
        [Question("sites", "subdomain", "villa")],
        sites=[row("sites", FOREIGN, subdomain="villa")],
    )
    found = match(site, stay, rows=rows)
    [problem] = found.problems
    assert problem.code == "lookup-of-own"
    assert "main" in str(problem.hint)
    assert str(problem.position) == "villa.yaml:8:5"


def test_a_lookup_of_an_orphan_is_refused() -> None:
    widget = own_id("widgets.gone")
    stay = resource("bookings.stay", widget_id=lookup("widgets", title="W"))
    question = Question("widgets", "title", "W")
    found = match(stay, rows=live([question], widgets=[row("widgets", widget, title="W")]))
    assert [problem.code for problem in found.problems] == ["lookup-of-own"]


def test_a_lookup_does_not_find_what_is_deleted_softly() -> None:
    coupon = lookup("coupons", code="TEN")
    use = resource(
        "coupon_uses.x--y", coupon_id=coupon, booking_id=row_ref("bookings", foreign_id(3))
    )
    asked = [Question("coupons", "code", "TEN")]
    gone = row("coupons", FOREIGN, code="TEN", deleted_at="2026-01-01T00:00:00+00:00")
    there = row("coupons", foreign_id(2), code="TEN", deleted_at=None)
    found = match(use, rows=live(asked, coupons=[gone, there]))
    assert found.lookups == {coupon: foreign_id(2)}


def test_a_lookup_compares_a_text_inside_json() -> None:
    villa = lookup("products", **{"name->>default": "Villa"})
    user = resource("task_templates.t", product_id=villa, label="Clean")
    by_name = Question("products", "name->>default", "Villa")
    assert by_name in match(user).questions
    rows = [
        row("products", foreign_id(n), name={"default": name})
        for n, name in ((2, "Barn"), (3, "Villa"), (4, "None"))
    ]
    assert match(user, rows=live([by_name], products=rows)).lookups == {villa: foreign_id(3)}


def test_a_lookup_inside_a_lookup_is_found_first_and_reported_at_its_user() -> None:
    top = lookup("services", type="checkbox")
    inner = lookup("services", parent_id=top)
    user = resource("product_services.a--b", service_id=inner, line=5)
    by_type = Question("services", "type", "checkbox")
    by_parent = Question("services", "parent_id", foreign_id(2))
    assert match(user).questions == {by_type}
    rows = [
        row("services", foreign_id(2), type="checkbox", parent_id=None),
        row("services", foreign_id(3), type="counter", parent_id=foreign_id(2)),
    ]
    assert match(user, rows=live([by_type], services=rows)).questions == {by_parent}
    found = match(user, rows=live([by_type, by_parent], services=rows))
    assert found.lookups == {top: foreign_id(2), inner: foreign_id(3)}
    [problem, *_] = match(user, rows=live([by_type])).problems
    assert (problem.code, problem.address) == ("lookup-finds-nothing", "product_services.a--b")


def test_all_lookups_are_asked_for_at_once() -> None:
    desk = resource("contacts.desk", creator_id=lookup("user_profiles", email="desk@example.com"))
    by_desk = Question("user_profiles", "email", "desk@example.com")
    assert match(WITH_LOOKUP, desk).questions == {BY_OWNER, by_desk}


def test_all_natural_keys_are_asked_for_at_once() -> None:
    people = [resource(f"contacts.c{n}", email=f"{n}@example.com") for n in (1, 2)]
    assert match(*people).questions == {
        Question("contacts", "email", f"{n}@example.com") for n in (1, 2)
    }
