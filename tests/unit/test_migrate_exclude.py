"""What of a migration cannot go, what cannot go without it, and what is said of it: no server."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from reconciler.configuration.resource import IdMap, Resource, Value
from reconciler.diagnostics import Code
from reconciler.diagnostics.errors import PlanError
from reconciler.diagnostics.problem import Problem
from reconciler.migration import Cleared, Moving, Skipped, exclude, settle
from reconciler.migration.exclude import GONE_THERE, LEFT, NEEDS, ODD, SAME_ROW
from tests.builders import (
    KINDS,
    address,
    configuration,
    foreign_id,
    lookup,
    ref,
    resource,
    row_ref,
)


def reduced(*resources: Resource, left: Iterable[str] = (), odd: Iterable[str] = ()) -> Moving:
    """Leave out these resources, by --leave or because their row there is odd."""
    missing = {address(name): Skipped.of(LEFT) for name in left}
    missing |= {address(name): Skipped.of(ODD) for name in odd}
    return exclude(Moving(configuration(*resources)), KINDS, missing)


def moved(moving: Moving) -> list[str]:
    return [str(one) for one in moving.configuration.resources]


def values(moving: Moving, name: str) -> Mapping[str, Value]:
    return moving.configuration.resources[address(name)].values


JANE, STAY = resource("contacts.jane"), resource("bookings.stay")
LINK = resource(
    "contact_bookings.jane--stay", contact_id=ref("contacts.jane"), booking_id=ref("bookings.stay")
)
TOP, CHILD = resource("services.top"), resource("services.child", parent_id=ref("services.top"))
VILLA = resource("products.villa", name="V")
EVENT = resource(
    "calendar_events.e", product_id=ref("products.villa"), booking_id=ref("bookings.stay")
)
TASK = resource("tasks.clean", calendar_event_id=ref("calendar_events.e"))
GROUP, TAX = resource("capacity_groups.adults"), resource("taxes.vat")
WHERE = {"capacity_group_id": ref("capacity_groups.adults"), "tax_id": ref("taxes.vat")}


# -- what cannot be without it --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resources", "left", "stays"),
    [
        pytest.param([JANE, STAY, LINK], [], ["contacts.jane", "bookings.stay",
                     "contact_bookings.jane--stay"], id="nothing is missing"),
        pytest.param([JANE, STAY, LINK], ["contacts.jane"], ["bookings.stay"],
                     id="a link needs both"),
        pytest.param([TOP, CHILD], ["services.top"], ["services.child"],
                     id="a reference that may be null holds nothing back"),
        pytest.param([VILLA, STAY, EVENT, TASK], ["products.villa"], ["bookings.stay"],
                     id="a task needs its event, which needs its product"),
        pytest.param([TASK, EVENT, STAY, VILLA], ["products.villa"], ["bookings.stay"],
                     id="the same, in another order"),
        pytest.param([VILLA, STAY, EVENT], ["bookings.stay"],
                     ["products.villa", "calendar_events.e"], id="only the booking is lost"),
        pytest.param([LINK], [], [], id="rows that the configuration does not hold"),
    ],
)  # fmt: skip
def test_a_row_stays_behind_with_what_it_must_refer_to(
    resources: list[Resource], left: list[str], stays: list[str]
) -> None:
    assert moved(reduced(*resources, left=left)) == stays


def test_each_row_that_stays_behind_says_why() -> None:
    moving = reduced(VILLA, STAY, EVENT, TASK, left=["products.villa"])
    assert {str(a): (one.code, one.reason) for a, one in moving.skipped.items()} == {
        "products.villa": (LEFT, "it was named in --leave"),
        "calendar_events.e": (NEEDS, "product_id refers to products.villa, which is not moved"),
        "tasks.clean": (NEEDS, "calendar_event_id refers to calendar_events.e, which is not moved"),
    }
    assert not any(one.is_open for one in moving.skipped.values())


@pytest.mark.parametrize(
    ("given", "to", "then"),
    [
        (ref("services.top"), "services.top", None),
        (row_ref("services", foreign_id(1)), f"services[{foreign_id(1)}]", None),
        (lookup("services", type="checkbox"), "a row of services", None),
    ],
)
def test_a_reference_to_what_is_not_moved_becomes_null(given: Value, to: str, then: Value) -> None:
    child = resource("services.child", parent_id=given, type="checkbox")
    moving = reduced(TOP, child, left=["services.top"])
    assert values(moving, "services.child") == {"parent_id": then, "type": "checkbox"}
    assert moving.cleared == (Cleared(address("services.child"), "parent_id", to),)


@pytest.mark.parametrize(
    ("column", "given", "then"),
    [
        ("fee", WHERE, {"capacity_group_id": ref("capacity_groups.adults"), "tax_id": None}),
        ("fee", {"prices": [{"value": 5, **WHERE}], "title": "taxes.vat"},
         {"prices": [{"value": 5, "capacity_group_id": ref("capacity_groups.adults"),
                      "tax_id": None}], "title": "taxes.vat"}),
        ("occupancy", IdMap(((ref("capacity_groups.adults"), 2), (ref("taxes.vat"), 1))),
         IdMap(((ref("capacity_groups.adults"), 2),))),
        ("occupancy", IdMap(((ref("capacity_groups.adults"), [ref("taxes.vat"), 3]),)),
         IdMap(((ref("capacity_groups.adults"), [None, 3]),))),
    ],
)  # fmt: skip
def test_a_reference_inside_a_document_becomes_null_and_the_rest_stays(
    column: str, given: Value, then: Value
) -> None:
    kind = "products" if column == "fee" else "calendar_events"
    moving = reduced(GROUP, TAX, resource(f"{kind}.x", {column: given}), left=["taxes.vat"])
    assert values(moving, f"{kind}.x") == {column: then}
    assert moving.cleared == (Cleared(address(f"{kind}.x"), column, "taxes.vat"),)


def test_what_refers_to_a_row_that_is_odd_there_is_not_compared_there() -> None:
    child = resource("services.child", parent_id=ref("services.top"), type="checkbox")
    moving = reduced(TOP, child, odd=["services.top"])
    assert values(moving, "services.child") == {"type": "checkbox"}
    assert moving.unsure == {(address("services.child"), "parent_id"): "services.top"}
    assert moving.cleared == ()
    link = reduced(JANE, STAY, LINK, odd=["contacts.jane"])
    assert moved(link) == ["bookings.stay"]


def test_what_was_left_out_before_stays_left_out() -> None:
    first = reduced(JANE, STAY, LINK, TOP, CHILD, left=["services.top"])
    second = exclude(first, KINDS, {address("contacts.jane"): Skipped.of(LEFT)})
    assert moved(second) == ["bookings.stay", "services.child"]
    assert second.cleared == first.cleared != ()
    assert len(second.skipped) == 3
    assert second.decided > first.decided > 0


# -- what is decided, and what waits for a person -------------------------------------------------


@pytest.mark.parametrize(
    ("code", "is_open", "stops"),
    [
        ("cannot-create", False, False),
        ("unset-variable", False, False),
        ("missing-column", True, True),
        ("ambiguous-match", True, True),
        ("other-stack", True, True),
        (SAME_ROW, True, True),
        (GONE_THERE, True, False),
        (LEFT, False, False),
        (ODD, False, False),
    ],
)
def test_some_rows_wait_for_a_person_and_some_stop_everything(
    code: Code, is_open: bool, stops: bool
) -> None:
    one = Skipped.of(code, (foreign_id(1),), "detail")
    assert (one.is_open, one.stops) == (is_open, stops)
    assert (one.code, one.rows, one.detail) == (code, (foreign_id(1),), "detail")
    moving = Moving(configuration(), {address("contacts.jane"): one})
    assert bool(moving.open) is is_open
    assert dict(moving.odd) == ({address("contacts.jane"): "detail"} if code == ODD else {})


def test_columns_that_are_kept_are_not_compared() -> None:
    jane = resource("contacts.jane", first_name="Jane", city="Oslo")
    kept = (address("contacts.jane"), "city")
    moving = Moving(configuration(jane, STAY)).keeping({kept})
    assert values(moving, "contacts.jane") == {"first_name": "Jane"}
    assert moving.kept == {kept}
    assert moving.decided == 1
    assert moving.keeping({(address("contacts.jane"), "first_name")}).decided == 2


# -- what stood in the way of a plan --------------------------------------------------------------


def problem(code: Code, name: str | None, *rows: str, message: str = "no") -> Problem:
    return Problem(code, message, address=name, rows=rows)


def settled(
    *problems: Problem, notes: Iterable[Problem] = (), skip_natural_key: Iterable[str] = ()
) -> Moving | None:
    both = configuration(JANE, resource("contacts.john"))
    parted = replace(both, skip_natural_key=frozenset(map(address, skip_natural_key)))
    return settle(Moving(parted), KINDS, PlanError(problems, tuple(notes)))


@pytest.mark.parametrize(
    "code", ["cannot-create", "unset-variable", "missing-column", "ambiguous-match", "other-stack"]
)
def test_a_row_that_cannot_go_is_left_out_with_its_reason(code: Code) -> None:
    moving = settled(problem(code, "contacts.jane", foreign_id(1), foreign_id(2)))
    assert moving is not None
    assert moved(moving) == ["contacts.john"]
    assert moving.skipped[address("contacts.jane")] == Skipped.of(
        code, (foreign_id(1), foreign_id(2))
    )


def test_a_note_is_as_good_as_a_problem() -> None:
    moving = settled(notes=[problem("cannot-create", "contacts.jane")])
    assert moving is not None
    assert moved(moving) == ["contacts.john"]


def test_of_an_odd_row_there_it_is_said_what_is_odd() -> None:
    moving = settled(problem(ODD, "contacts.jane", message="contacts.jane: its email is no text"))
    assert moving is not None
    assert dict(moving.odd) == {address("contacts.jane"): "its email is no text"}


def test_rows_that_share_a_natural_key_are_parted_and_then_decided() -> None:
    shared = problem("two-claims", "contacts.jane")
    first = settled(shared)
    assert first is not None
    assert moved(first) == ["contacts.jane", "contacts.john"]
    assert first.configuration.skip_natural_key == {address("contacts.jane")}
    assert first.decided == 1
    second = settled(shared, skip_natural_key=["contacts.jane"])
    assert second is not None
    assert second.skipped[address("contacts.jane")].code == SAME_ROW
    assert moved(second) == ["contacts.john"]


@pytest.mark.parametrize(
    "one",
    [
        problem("cannot-create", "contacts.nobody"),
        problem("cannot-create", None),
        problem("reference-cycle", "contacts.jane"),
    ],
)
def test_what_is_about_no_row_that_moves_settles_nothing(one: Problem) -> None:
    assert settled(one) is None
