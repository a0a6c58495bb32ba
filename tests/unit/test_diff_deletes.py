"""Comparing: what is deleted, and which changes ask for consent."""

import pytest

from reconciler.configuration.resource import Value
from reconciler.identity.found import Found, Orphan
from reconciler.values.column import JSON
from tests.builders import address, foreign_id, line_of, own_id, resource, row
from tests.differing import compare, lines, only, there

# -- deletes --------------------------------------------------------------------------------------


def test_an_orphan_is_deleted_with_its_whole_row() -> None:
    whole = row("contacts", own_id("contacts.jane"), email="a", notes="b")
    orphan = Orphan("contacts", own_id("contacts.jane"), None)
    found = only(compare(orphans=[orphan], rows=[("contacts", whole)]))
    assert (found.action.value, found.address, found.row) == ("delete", None, whole)


def test_a_row_that_went_by_itself_is_not_deleted() -> None:
    assert compare(orphans=[Orphan("contacts", own_id("contacts.jane"), None)]).changes == []


def test_what_is_marked_absent_is_deleted_where_it_is_found() -> None:
    jane = resource("contacts.jane", absent=True, line=7)
    live = there("contacts.jane", first_name="Jane")
    found = only(compare(jane, found=live, rows=[("contacts", live["contacts.jane"].row or {})]))
    assert line_of(found) == "delete contacts.jane"
    assert found.position is not None
    assert found.position.line == 7


def test_what_is_marked_absent_and_is_not_there_is_fine() -> None:
    assert compare(resource("contacts.jane", absent=True)).changes == []


@pytest.mark.parametrize("absent", [True, False])
def test_what_is_deleted_already_by_a_mark_is_not_deleted_again(absent: bool) -> None:
    row_id = own_id("coupons.ten")
    whole = row("coupons", row_id, code="TEN", deleted_at="2026-01-01T00:00:00+00:00")
    if absent:
        coupon = resource("coupons.ten", absent=True)
        live = {"coupons.ten": Found(row_id, whole, "id")}
        found = compare(coupon, found=live, rows=[("coupons", whole)])
    else:
        found = compare(orphans=[Orphan("coupons", row_id, None)], rows=[("coupons", whole)])
    assert found.changes == []


def test_what_is_deleted_by_a_mark_is_brought_back_where_yaml_wants_it() -> None:
    coupon = resource("coupons.ten", code="TEN")
    live = there("coupons.ten", code="TEN", deleted_at="2026-01-01T00:00:00+00:00")
    found = only(compare(coupon, found=live))
    assert line_of(found) == "update coupons.ten"
    assert found.after == {"deleted_at": None}


def test_a_mark_that_is_somebody_elses_is_left_alone() -> None:
    coupon = resource("coupons.ten", code="TEN", ignore=["deleted_at"])
    live = there("coupons.ten", code="TEN", deleted_at="2026-01-01T00:00:00+00:00")
    assert lines(compare(coupon, found=live)) == ["1 unchanged"]


def test_a_mark_that_yaml_gives_is_a_column_like_others() -> None:
    stamp = "2026-01-01T00:00:00+00:00"
    coupon = resource("coupons.ten", code="TEN", deleted_at=stamp)
    found = compare(coupon, found=there("coupons.ten", code="TEN", deleted_at=stamp))
    assert lines(found) == ["1 unchanged"]


def test_an_orphan_of_a_kind_that_cannot_be_read_is_deleted_by_its_id() -> None:
    name = address("task_template_assignees.a--b")
    found = only(compare(orphans=[Orphan(name.kind, foreign_id(1), name)]))
    assert line_of(found) == "delete task_template_assignees.a--b"
    assert (found.id, found.row) == (foreign_id(1), {"id": foreign_id(1)})


@pytest.mark.parametrize(("received", "consents"), [(False, ()), (True, ("deletes",))])
def test_a_row_of_another_stack_is_not_deleted_for_a_missing_block_alone(
    received: bool, consents: tuple[str, ...]
) -> None:
    name = address("task_template_assignees.a--b")
    found = only(compare(orphans=[Orphan(name.kind, foreign_id(1), name, received)]))
    assert found.consents == consents


GONE, MARKED = own_id("coupons.ten"), own_id("coupons.old")
WHOLE = [
    ("coupons", row("coupons", GONE, deleted_at=None)),
    ("coupons", row("coupons", MARKED, deleted_at="2026-01-01T00:00:00+00:00")),
]
NAMED = Orphan("coupons", GONE, address("coupons.ten"))
NAMELESS = Orphan("coupons", GONE, None)


@pytest.mark.parametrize(
    ("orphan", "protect", "done", "kept"),
    [
        (NAMED, [], ["delete coupons.ten"], []),
        (NAMED, ["coupons.ten"], [], ["coupons.ten"]),
        (NAMED, ["coupons"], [], ["coupons.ten"]),
        (NAMED, ["coupons.twenty", "contacts"], ["delete coupons.ten"], []),
        (NAMELESS, ["coupons"], [], [f"coupons[{GONE}]"]),
        (NAMELESS, ["coupons.ten"], [f"delete coupons[{GONE}]"], []),
        (Orphan("coupons", MARKED, None), ["coupons"], [], []),  # it went already
        (Orphan("coupons", foreign_id(1), None), ["coupons"], [], []),
        (Orphan("contacts", foreign_id(1), None), ["contacts"], [], []),  # no row of it was read
    ],
)
def test_a_protected_orphan_is_kept_and_named(
    orphan: Orphan, protect: list[str], done: list[str], kept: list[str]
) -> None:
    found = compare(orphans=[orphan], rows=WHOLE, protect=protect)
    assert lines(found) == done
    assert [(note.code, note.address) for note in found.notes] == [
        ("kept-protected", name) for name in kept
    ]


@pytest.mark.parametrize(("kind", "unconfirmed"), [("seasons", True), ("contacts", False)])
def test_a_delete_that_nobody_has_tried_is_marked(kind: str, unconfirmed: bool) -> None:
    orphan = Orphan(kind, foreign_id(1), None)
    found = only(compare(orphans=[orphan], rows=[(kind, row(kind, foreign_id(1)))]))
    assert found.unconfirmed is unconfirmed


@pytest.mark.parametrize("absent", [True, False])
def test_only_a_block_leaves_something_undone_where_nothing_can_be_deleted(absent: bool) -> None:
    """A row without a block is nobody's wish: the run is complete without it."""
    main, row_id = address("sites.main"), own_id("sites.main")
    rows = [("sites", row("sites", row_id))]
    found = (
        compare(resource("sites.main", absent=True), found=there("sites.main"), rows=rows)
        if absent
        else compare(orphans=[Orphan("sites", row_id, main)], rows=rows)
    )
    assert [note.code for note in found.notes] == ["cannot-delete"]
    assert found.unmet == ({main} if absent else set())


# -- consents -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "given", "notified"),
    [
        (None, {"confirmed_at": "2026-01-01T00:00:00Z"}, True),
        (None, {"confirmed_at": "2026-01-01T00:00:00Z", "silent": True}, False),
        (None, {"reference": "x"}, False),
    ],
)
def test_confirming_a_booking_notifies_unless_it_is_silent(
    stored: JSON, given: dict[str, Value], notified: bool
) -> None:
    stay = resource("bookings.stay", given)
    live = there("bookings.stay", confirmed_at=stored, silent=False, reference="y")
    found = only(compare(stay, found=live))
    assert found.consents == (("notifies",) if notified else ())


@pytest.mark.parametrize("silent", [True, False])
def test_creating_a_booking_notifies_unless_it_is_silent(silent: bool) -> None:
    stay = resource(
        "bookings.stay", currency="EUR", display_currency="EUR", exchange_rate=1, silent=silent
    )
    found = only(compare(stay))
    assert found.consents == (() if silent else ("notifies",))
    assert found.unconfirmed


def test_deleting_a_product_takes_two_consents() -> None:
    product = row("products", foreign_id(1), name={"default": "V"})
    orphan = Orphan("products", foreign_id(1), address("products.villa"))
    found = only(compare(orphans=[orphan], rows=[("products", product)]))
    assert found.consents == ("billing-delete", "cascade")


def test_inviting_a_member_takes_consent() -> None:
    found = only(compare(resource("members.ann", inputs={"email": "ann@example.com"})))
    assert found.consents == ("invites",)
    assert found.inputs == {"email": "ann@example.com"}
