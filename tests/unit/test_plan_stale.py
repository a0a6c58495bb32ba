"""Whether a plan that was reviewed is still the one that would be done: no server."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from reconciler.diagnostics.problem import Position
from reconciler.plan.change import Change
from reconciler.plan.document import document_of
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.plan.writing import unknown_id
from reconciler.planning.staleness import stale_against
from reconciler.values.column import JSON
from reconciler.values.sent import Pending, Sent
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    Told,
    address,
    change,
    foreign_id,
    own_id,
    row,
)

SEEN, LATER = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
JANE = own_id("contacts.jane")
VILLA = foreign_id(7)
GUEST, OTHER = ("contact_bookings", foreign_id(1)), ("contact_bookings", foreign_id(2))


def plan(*changes: Change, **names: str) -> Plan:
    """A plan of these changes; ``names`` gives addresses, with ``__`` for a dot, their ids."""
    known = {row_id: name.replace("__", ".") for name, row_id in names.items()}
    return Plan(STACK, ORGANIZATION, "sha256:0", (changes,), 0, names=known)


def stale(reviewed: Sequence[Change], now: Sequence[Change], **names: str) -> tuple[str, ...]:
    return stale_against(document_of(plan(*reviewed), KINDS), plan(*now, **names), KINDS)


def create(**columns: JSON) -> Change:
    return change("create taxes.vat", **{"percentage": 9, **columns})  # type: ignore[arg-type]


def update(percentage: float = 9, *, version: str = SEEN, before: float = 5) -> Change:
    there = row("taxes", own_id("taxes.vat"), percentage=before, updated_at=version)
    return change(
        "update taxes.vat", row=there, before={"percentage": before}, percentage=percentage
    )


def delete(*referenced_by: tuple[str, str]) -> Change:
    return change(
        "delete contacts", id=JANE, row=row("contacts", JANE), referenced_by=referenced_by
    )


MOVED = "the row was changed since the plan"
OTHERWISE = "the change is no longer the one that was reviewed"
OFF_PLAN = "which the reviewed plan does not"


@pytest.mark.parametrize(
    ("reviewed", "now", "reasons"),
    [
        pytest.param([], [], (), id="nothing"),
        pytest.param([create()], [create()], (), id="the same"),
        pytest.param([create(), update()], [update()], (), id="some of it is done"),
        pytest.param([create()], [], (), id="all of it is done"),
        pytest.param([], [create()], (f"taxes.vat: to create, {OFF_PLAN}",), id="one more"),
        pytest.param([create()], [create(percentage=21)], (f"taxes.vat: {OTHERWISE}",),
                     id="another value"),
        pytest.param([create()], [create(type="included")], (f"taxes.vat: {OTHERWISE}",),
                     id="one more column"),
        pytest.param([update(1.0)], [update(1)], (), id="another spelling of a number"),
        pytest.param([create(percentage=0)], [create(percentage=False)],
                     (f"taxes.vat: {OTHERWISE}",), id="false is not 0"),
        pytest.param([update()], [update(version=LATER)], (f"taxes.vat: {MOVED}",),
                     id="another version of the row"),
        pytest.param([update()], [update(before=6)], (f"taxes.vat: {OTHERWISE}",),
                     id="another value there"),
        pytest.param([update()], [create()],
                     ("taxes.vat: the plan was to update it, now it is to create it",),
                     id="the row is gone"),
        pytest.param([delete()], [delete(GUEST)],
                     (f"contacts[{JANE}]: contact_bookings[{GUEST[1]}] refers to it, which the"
                      " reviewed plan does not say",), id="a row that came references it"),
        pytest.param([delete(GUEST)], [delete(GUEST)], (), id="it was referenced before"),
        pytest.param([delete(GUEST, OTHER)], [delete(OTHER)], (), id="one references it no more"),
        pytest.param([delete()], [create(), delete()], (f"taxes.vat: to create, {OFF_PLAN}",),
                     id="each change by its own name"),
    ],
)  # fmt: skip
def test_only_what_was_reviewed_is_done(
    reviewed: list[Change], now: list[Change], reasons: tuple[str, ...]
) -> None:
    assert stale(reviewed, now) == reasons


@pytest.mark.parametrize("code", ["stack", "configuration"])
def test_a_plan_of_something_else_is_refused_as_a_whole(code: str) -> None:
    reviewed = document_of(plan(create()), KINDS)
    other = replace(plan(), stack="barn") if code == "stack" else plan()
    if code == "configuration":
        reviewed = cast("PlanDocument", {**reviewed, "configuration": "sha256:1"})
    assert stale_against(reviewed, other, KINDS) == (
        ("it is of the stack villa-7f3a, the configuration of barn",)
        if code == "stack"
        else ("the configuration is not the one that was reviewed",)
    )


def test_where_it_stands_in_the_files_does_not_matter() -> None:
    first = replace(create(), places=Told(Position("a.yaml", 1, 1)))
    assert stale([first], [replace(first, places=Told(Position("b.yaml", 9, 9)))]) == ()
    one, two = (
        replace(first, places=Told(first.places.block, dict.fromkeys(first.columns, place)))
        for place in (Position("over.yaml", 3, 1), Position("lay.yaml", 9, 1))
        if first.places
    )
    assert stale([one], [two]) == ()


# -- ids that were not known when it was reviewed -------------------------------------------------

PRODUCT = replace(change("create products.villa", rent_period="daily"), id=None)


def listing(product: Sent) -> Change:
    return change("create product_services.l", needs=["products.villa"], product_id=product)


def test_an_id_that_came_since_stands_for_the_row_that_was_to_get_it() -> None:
    reviewed = [PRODUCT, listing(Pending(address("products.villa")))]
    assert stale(reviewed, [listing(VILLA)], products__villa=VILLA) == ()
    assert stale(reviewed, [listing(foreign_id(8))], products__villa=VILLA) == (
        f"product_services.l: {OTHERWISE}",
    )


def test_an_id_inside_a_document_stands_for_it_too() -> None:
    def named(product: str) -> Change:
        definition: dict[str, Sent] = {"products": [product], product: 1}
        return change("create coupons.c", definition=definition)

    reviewed = [PRODUCT, named(unknown_id("products.villa"))]
    assert stale(reviewed, [named(VILLA)], products__villa=VILLA) == ()


def test_an_id_that_was_known_stands_for_nothing_else() -> None:
    known = replace(PRODUCT, id=VILLA)
    reviewed = [known, listing(Pending(address("products.villa")))]
    assert stale(reviewed, [listing(VILLA)], products__villa=VILLA) == (
        f"product_services.l: {OTHERWISE}",
    )


# -- changes of two steps that were cut off between them -------------------------------------------


def made(**columns: JSON) -> Change:
    """Set what a create left over."""
    there = row("products", VILLA, updated_at=LATER)
    return change("update products.villa", id=VILLA, row=there, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rest", "goes_on"),
    [
        ({"rent_period": "daily"}, True),
        ({"rent_period": "nightly"}, False),
        ({"timezone": "UTC"}, False),
        ({"rent_period": "daily", "timezone": "UTC"}, False),
    ],
)
def test_the_rest_of_a_create_goes_on(rest: dict[str, JSON], goes_on: bool) -> None:
    found = stale([PRODUCT], [made(**rest)], products__villa=VILLA)
    words = "products.villa: the plan was to create it, now it is to update it"
    assert found == (() if goes_on else (words,))


def bound(action: str, **columns: JSON) -> Change:
    there = row("contacts", JANE, updated_at=LATER if not columns else SEEN)
    return change(f"{action} contacts.jane", row=there, **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "goes_on"),
    [
        (bound("adopt", country="NL"), bound("adopt"), True),
        (bound("rename", country="NL"), bound("rename"), True),
        (bound("release", country="NL"), bound("release"), True),
        (bound("adopt", country="NL"), bound("adopt", country="NL", city="x"), False),
        (bound("adopt", country="NL"), bound("rename"), False),
        (bound("update", country="NL"), bound("update"), False),
    ],
)
def test_the_rest_of_a_binding_goes_on(before: Change, after: Change, goes_on: bool) -> None:
    assert (stale([before], [after]) == ()) is goes_on
