"""Which row is claimed in the rarer cases, where a slip would make a double or delete a row."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from reconciler.client.forms import OddRow
from reconciler.configuration.resource import Resource
from reconciler.live.rows import Live, Question
from reconciler.values.column import JSON
from tests.builders import (
    address,
    configuration,
    foreign_id,
    live,
    lookup,
    own_id,
    ref,
    resource,
    row,
    row_ref,
)
from tests.matching import BY_EMAIL, EMAIL, FOREIGN, JANE, contact, match, said

MINE, OLD = own_id("contacts.jane"), own_id("contacts.joan")
RENAMED = resource("contacts.jane", renamed_from="joan", email=EMAIL)
STAMP = "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("one", "there", "bindings", "line", "renamed"),
    [
        (JANE, contact(MINE), {}, f"{MINE} by id", False),
        (JANE, contact(FOREIGN), {"contacts.jane": (FOREIGN, "owned")}, f"{FOREIGN} by binding",
         False),
        (JANE, contact(FOREIGN, email=EMAIL), {}, f"{FOREIGN} by natural key, adopted", False),
        (JANE, contact(OLD, email=EMAIL), {}, f"{OLD} by natural key, owned", True),
        (RENAMED, contact(OLD), {}, f"{OLD} by renamed_from, owned", True),
        # what was bound is gone, and its own row is there: no second one is made
        (JANE, contact(MINE), {"contacts.jane": (FOREIGN, "owned")}, f"{MINE} by id", False),
    ],
)  # fmt: skip
def test_a_row_is_renamed_where_it_was_ours_under_another_key(
    one: Resource,
    there: dict[str, JSON],
    bindings: Mapping[str, tuple[str, str]],
    line: str,
    renamed: bool,
) -> None:
    found = match(one, rows=live([BY_EMAIL], contacts=[there]), bindings=bindings)
    assert said(found) == [f"contacts.jane = {line}"]
    assert found.found[address("contacts.jane")].renamed is renamed


@pytest.mark.parametrize(
    ("name", "deleted_at", "found"),
    [
        ("products.villa", None, True),
        ("products.villa", STAMP, False),  # a new one is made, on consent
        ("coupons.ten", None, True),
        ("coupons.ten", STAMP, True),  # it is brought back
    ],
)
def test_a_bound_row_is_found_unless_only_the_server_could_bring_it_back(
    name: str, deleted_at: str | None, found: bool
) -> None:
    kind = name.partition(".")[0]
    rows = live((), **{kind: [row(kind, FOREIGN, deleted_at=deleted_at)]})
    matched = match(resource(name), rows=rows, bindings={name: (FOREIGN, "owned")})
    assert said(matched) == ([f"{name} = {FOREIGN} by binding"] if found else [])
    assert matched.gone == (set() if found else {address(name)})


def test_a_link_is_found_by_the_id_of_a_bound_row() -> None:
    """Else the link would be made twice."""
    link = resource(
        "contact_bookings.jane--stay",
        contact_id=ref("contacts.jane"),
        booking_id=row_ref("bookings", foreign_id(2)),
    )
    pair = {"contact_id": FOREIGN, "booking_id": foreign_id(2)}
    rows = live(
        [Question("contact_bookings", "contact_id", FOREIGN)],
        contacts=[contact(FOREIGN)],
        contact_bookings=[row("contact_bookings", foreign_id(3), **pair)],
    )
    found = match(JANE, link, rows=rows, bindings={"contacts.jane": (FOREIGN, "owned")})
    assert said(found)[1:] == [f"contact_bookings.jane--stay = {foreign_id(3)} by natural key"]


def test_every_binding_without_a_block_is_looked_at() -> None:
    """Whatever stands before it in the file."""
    rows = live(contacts=[contact(FOREIGN), contact(foreign_id(2))])
    assignee = "task_template_assignees.a--b"
    found = match(
        JANE,
        rows=rows,
        bindings={
            "contacts.jane": (FOREIGN, "owned"),
            "contacts.gone": (foreign_id(2), "owned"),
            assignee: (foreign_id(3), "owned"),
        },
    )
    assert [(o.kind, o.id, str(o.address)) for o in found.orphans] == [
        ("contacts", foreign_id(2), "contacts.gone"),
        ("task_template_assignees", foreign_id(3), assignee),
    ]


# -- odd rows -------------------------------------------------------------------------------------

LABEL: dict[str, JSON] = {"default": "A"}
TOP = resource("services.top", label={"default": "Top"}, type="checkbox")
CHILD = resource(
    "services.child", label={"default": "A"}, type="checkbox", parent_id=ref("services.top")
)


def with_odd(rows: Live, kind: str, row_id: str, **good: JSON) -> Live:
    one = OddRow(kind, row_id, {"id": row_id, **good}, {"x": "x is no text"})
    return replace(rows, odd={kind: {row_id: one}})


@pytest.mark.parametrize(
    ("resources", "odd_id", "good", "refused"),
    [
        ([JANE], MINE, {"email": "other@example.com"}, ["contacts.jane"]),
        ([RENAMED], OLD, {"email": "other@example.com"}, ["contacts.jane"]),
        ([JANE], FOREIGN, {"email": "other@example.com"}, []),
        ([JANE], FOREIGN, {}, ["contacts.jane"]),
        ([JANE, resource("contacts.joan", line=2)], MINE, {"email": "other@example.com"},
         ["contacts.jane"]),
    ],
)  # fmt: skip
def test_a_resource_whose_computed_id_is_odd_is_refused(
    resources: Iterable[Resource], odd_id: str, good: dict[str, JSON], refused: list[str]
) -> None:
    found = match(*resources, rows=with_odd(live([BY_EMAIL]), "contacts", odd_id, **good))
    assert [(one.code, one.address) for one in found.problems] == [("odd-row", n) for n in refused]


@pytest.mark.parametrize(("parent", "refused"), [("services.top", True), ("services.b", False)])
def test_a_reference_in_the_key_of_an_odd_row_is_known_by_its_id(
    parent: str, refused: bool
) -> None:
    asked = [Question("services", "label->>default", label) for label in ("A", "Top")]
    rows = with_odd(
        live(asked), "services", FOREIGN, label=LABEL, type="checkbox", parent_id=own_id(parent)
    )
    found = match(TOP, CHILD, rows=rows)
    assert [one.address for one in found.problems] == ["services.child"] * refused


def test_what_is_odd_hides_no_other_problem() -> None:
    twin = resource("contacts.twin", email=EMAIL, line=9)
    tax = lookup("taxes", type="included", percentage=9)
    user = resource("services.s", fee={"tax_id": tax}, line=5)
    desired = configuration(JANE, twin, user)
    questions = match(desired).questions | match(user).questions
    rows = live(
        [*questions, BY_EMAIL],
        contacts=[contact(FOREIGN, email=EMAIL)],
        taxes=[row("taxes", foreign_id(2), type="included", percentage=9)],
    )
    found = match(desired, rows=with_odd(rows, "taxes", foreign_id(3), type="included"))
    assert [(one.code, one.address) for one in found.problems] == [
        ("two-claims", "contacts.twin"),
        ("odd-row", "services.s"),
    ]
