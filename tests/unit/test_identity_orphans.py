"""Rows of ours that nobody means any more, and bindings of rows that are gone."""

import pytest

from reconciler.identity.found import Identities
from reconciler.live.rows import Question
from reconciler.values.column import JSON
from tests.builders import address, foreign_id, live, own_id, resource, row
from tests.matching import BY_EMAIL, EMAIL, FOREIGN, JANE, OTHER_STACK, contact, match, said

# -- orphans --------------------------------------------------------------------------------------


def orphans(found: Identities) -> list[tuple[str, str, str | None]]:
    return [(o.kind, o.id, o.address and str(o.address)) for o in found.orphans]


def test_a_row_of_ours_that_nobody_means_is_an_orphan() -> None:
    mine = own_id("contacts.gone")
    found = match(JANE, rows=live([BY_EMAIL], contacts=[contact(mine)]))
    assert orphans(found) == [("contacts", mine, None)]


def test_orphans_are_found_in_kinds_that_yaml_no_longer_names() -> None:
    mine = own_id("taxes.vat")
    found = match(JANE, rows=live([BY_EMAIL], taxes=[row("taxes", mine)]))
    assert orphans(found) == [("taxes", mine, None)]


@pytest.mark.parametrize("row_id", [FOREIGN, OTHER_STACK])
def test_what_is_not_ours_is_never_an_orphan(row_id: str) -> None:
    found = match(JANE, rows=live([BY_EMAIL], contacts=[contact(row_id)]))
    assert orphans(found) == []


@pytest.mark.parametrize(("origin", "expected"), [("owned", 1), ("adopted", 0)])
def test_of_bound_rows_only_owned_ones_are_orphans(origin: str, expected: int) -> None:
    found = match(
        rows=live(contacts=[contact(FOREIGN)]), bindings={"contacts.gone": (FOREIGN, origin)}
    )
    assert orphans(found) == [("contacts", FOREIGN, "contacts.gone")] * expected


def test_a_row_that_was_renamed_is_no_orphan_by_its_old_binding() -> None:
    jane = resource("contacts.jane", renamed_from="joan")
    found = match(
        jane,
        rows=live(contacts=[contact(FOREIGN)]),
        bindings={"contacts.joan": (FOREIGN, "owned")},
    )
    assert orphans(found) == []
    assert not found.notes


def test_a_limited_run_has_no_orphans() -> None:
    found = match(
        JANE,
        rows=live(contacts=[contact(own_id("contacts.gone"))], asked=[BY_EMAIL]),
        bindings={"contacts.bound": (FOREIGN, "owned")},
        limited=["contacts.jane"],
    )
    assert orphans(found) == []
    assert not found.notes


def test_what_is_absent_keeps_its_row_from_being_an_orphan_too() -> None:
    mine = own_id("contacts.jane")
    gone = resource("contacts.jane", absent=True)
    found = match(gone, rows=live(contacts=[contact(mine)]))
    assert said(found) == [f"contacts.jane = {mine} by id"]
    assert orphans(found) == []


def test_what_is_absent_is_found_by_its_natural_key_too() -> None:
    gone = resource("contacts.jane", absent=True, email=EMAIL)
    found = match(gone, rows=live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL)]))
    assert said(found) == [f"contacts.jane = {FOREIGN} by natural key, adopted"]


def test_an_orphan_of_a_protected_address_keeps_its_name() -> None:
    """Its block is gone, and with it its name; but its id can be computed."""
    mine, other = own_id("contacts.jane"), own_id("contacts.john")
    rows = live(contacts=[contact(mine), contact(other)])
    found = match(rows=rows, protect=["contacts.jane", "products"])
    assert sorted(orphans(found)) == sorted(
        [("contacts", mine, "contacts.jane"), ("contacts", other, None)]
    )


# -- bindings that do not fit ---------------------------------------------------------------------


def test_a_binding_whose_row_is_gone_is_reported_with_the_cure() -> None:
    found = match(JANE, rows=live([BY_EMAIL]), bindings={"contacts.jane": (FOREIGN, "owned")})
    [note] = found.notes
    assert note.code == "binding-gone"
    assert FOREIGN in note.message
    assert "import" in str(note.hint)
    assert found.gone == {address("contacts.jane")}
    assert found.ids == {address("contacts.jane"): own_id("contacts.jane")}


def test_a_row_that_was_bound_and_is_gone_is_looked_for_by_its_natural_key() -> None:
    rows = live([BY_EMAIL], contacts=[contact(foreign_id(2), email=EMAIL)])
    found = match(JANE, rows=rows, bindings={"contacts.jane": (FOREIGN, "adopted")})
    assert said(found) == [f"contacts.jane = {foreign_id(2)} by natural key, adopted"]


@pytest.mark.parametrize(
    ("name", "origin", "cure"),
    [
        ("contacts.nobody", "owned", "remove the entry"),
        ("contacts.nobody", "adopted", "remove the entry"),
        ("no_kind.nobody", "owned", "remove the entry"),
        ("task_template_assignees.a--b", "adopted", "delete the row by hand"),
    ],
)
def test_a_binding_that_nothing_uses_is_reported_with_the_cure(
    name: str, origin: str, cure: str
) -> None:
    found = match(bindings={name: (FOREIGN, origin)})
    [note] = found.notes
    assert note.code == "unused-binding"
    assert name in note.message
    assert cure in str(note.hint)


def test_an_owned_row_that_cannot_be_read_is_an_orphan_by_its_binding() -> None:
    found = match(bindings={"task_template_assignees.a--b": (FOREIGN, "owned")})
    [orphan] = found.orphans
    assert (orphan.id, str(orphan.address)) == (FOREIGN, "task_template_assignees.a--b")


def test_a_product_that_is_marked_as_deleted_is_gone() -> None:
    """Bringing it back would change the subscription; a new one asks for consent."""
    name: dict[str, JSON] = {"default": "Villa"}
    villa = resource("products.villa", {"name": {"default": "Villa"}})
    asked = [Question("products", "name->>default", "Villa")]
    deleted = row("products", FOREIGN, name=name, deleted_at="2026-01-01T00:00:00+00:00")
    found = match(
        villa,
        rows=live(asked, products=[deleted]),
        bindings={"products.villa": (FOREIGN, "owned")},
    )
    assert said(found) == []
    assert found.ids == {address("products.villa"): None}
    assert [note.code for note in found.notes] == ["binding-gone"]
