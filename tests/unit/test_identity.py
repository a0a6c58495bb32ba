"""Which live row is meant: binding, ``$renamed_from``, the computed id, then the natural key."""

from collections.abc import Iterable

import pytest

from reconciler.bindings import Binding
from reconciler.configuration.resource import Resource, with_references
from reconciler.identity.reading import columns_to_read, kinds_to_read
from reconciler.live.rows import Question
from tests.builders import KINDS, address, configuration, foreign_id, live, lookup, own_id, resource
from tests.matching import BY_EMAIL, EMAIL, FOREIGN, JANE, contact, match, said

# -- one resource, one row ------------------------------------------------------------------------


def test_a_row_with_the_computed_id_is_ours() -> None:
    mine = own_id("contacts.jane")
    found = match(JANE, rows=live(contacts=[contact(mine, email="changed@example.com")]))
    assert said(found) == [f"contacts.jane = {mine} by id"]
    assert not found.orphans
    assert not found.questions


def test_without_any_row_the_natural_key_is_asked_for_first() -> None:
    found = match(JANE)
    assert found.questions == {BY_EMAIL}
    answered = match(JANE, rows=live([BY_EMAIL]))
    assert not answered.questions
    assert said(answered) == []
    assert answered.ids == {address("contacts.jane"): own_id("contacts.jane")}


def test_a_row_with_the_same_natural_key_is_adopted() -> None:
    found = match(JANE, rows=live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL)]))
    assert said(found) == [f"contacts.jane = {FOREIGN} by natural key, adopted"]
    assert found.ids[address("contacts.jane")] == FOREIGN


def test_a_row_of_our_own_with_the_same_natural_key_is_a_rename() -> None:
    old = own_id("contacts.old-name")
    found = match(JANE, rows=live([BY_EMAIL], contacts=[contact(old, email=EMAIL)]))
    assert said(found) == [f"contacts.jane = {old} by natural key, owned"]
    assert not found.orphans


def test_our_own_row_goes_before_a_foreign_one() -> None:
    old = own_id("contacts.old-name")
    rows = live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL), contact(old, email=EMAIL)])
    assert said(match(JANE, rows=rows)) == [f"contacts.jane = {old} by natural key, owned"]


def test_the_binding_goes_before_everything_else() -> None:
    mine = own_id("contacts.jane")
    rows = live(contacts=[contact(mine, email=EMAIL), contact(FOREIGN)])
    found = match(JANE, rows=rows, bindings={"contacts.jane": (FOREIGN, "adopted")})
    assert said(found) == [f"contacts.jane = {FOREIGN} by binding"]
    # the row that carries its computed id is then nobody's
    assert [orphan.id for orphan in found.orphans] == [mine]


def test_was_goes_before_the_computed_id() -> None:
    old = own_id("contacts.joan")
    jane = resource("contacts.jane", renamed_from="joan", email=EMAIL)
    found = match(jane, rows=live(contacts=[contact(old)]))
    assert said(found) == [f"contacts.jane = {old} by renamed_from, owned"]


def test_was_follows_a_binding() -> None:
    jane = resource("contacts.jane", renamed_from="joan", email=EMAIL)
    rows = live(contacts=[contact(FOREIGN)])
    found = match(jane, rows=rows, bindings={"contacts.joan": (FOREIGN, "owned")})
    assert said(found) == [f"contacts.jane = {FOREIGN} by renamed_from, owned"]
    assert not found.orphans


def test_was_does_not_take_an_adopted_row_into_ownership() -> None:
    jane = resource("contacts.jane", renamed_from="joan", email=EMAIL)
    rows = live(contacts=[contact(FOREIGN)])
    found = match(jane, rows=rows, bindings={"contacts.joan": (FOREIGN, "adopted")})
    assert said(found) == [f"contacts.jane = {FOREIGN} by renamed_from, adopted"]


@pytest.mark.parametrize("origin", ["owned", "adopted"])
def test_a_bound_row_that_is_found_under_another_key_keeps_its_origin(origin: str) -> None:
    rows = live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL)])
    found = match(JANE, rows=rows, bindings={"contacts.joan": (FOREIGN, origin)})
    assert said(found) == [f"contacts.jane = {FOREIGN} by natural key, {origin}"]
    assert found.found[address("contacts.jane")].renamed
    assert not (found.orphans or found.notes)


def test_a_bound_row_goes_before_a_foreign_one_with_the_same_natural_key() -> None:
    other = foreign_id(2)
    rows = live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL), contact(other, email=EMAIL)])
    found = match(JANE, rows=rows, bindings={"contacts.joan": (other, "owned")})
    assert said(found) == [f"contacts.jane = {other} by natural key, owned"]


@pytest.mark.parametrize("row_id", [FOREIGN, own_id("contacts.twin")])
def test_a_limited_run_takes_no_row_of_what_it_leaves_out(row_id: str) -> None:
    twin = resource("contacts.twin", email=EMAIL, line=9)
    desired = with_references(configuration(JANE, twin, limited=["contacts.jane"]))
    rows = live([BY_EMAIL], contacts=[contact(row_id, email=EMAIL)])
    assert said(match(desired, rows=rows, bindings={"contacts.twin": (FOREIGN, "owned")})) == []


def test_was_and_the_new_row_cannot_both_be_there() -> None:
    rows = live(contacts=[contact(own_id("contacts.joan")), contact(own_id("contacts.jane"))])
    found = match(resource("contacts.jane", renamed_from="joan"), rows=rows)
    [problem] = found.problems
    assert problem.code == "renamed-from-exists"
    assert own_id("contacts.joan") in problem.message
    assert own_id("contacts.jane") in problem.message


def test_was_without_a_row_does_no_harm() -> None:
    jane = resource("contacts.jane", renamed_from="joan", email=EMAIL)
    mine = own_id("contacts.jane")
    found = match(jane, rows=live(contacts=[contact(mine)]))
    assert said(found) == [f"contacts.jane = {mine} by id"]


# -- two claims -----------------------------------------------------------------------------------


def test_two_resources_with_the_same_natural_key_are_both_named() -> None:
    twin = resource("contacts.twin", email=EMAIL, line=9)
    rows = live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL)])
    [problem] = match(JANE, twin, rows=rows).problems
    assert problem.code == "two-claims"
    assert "contacts.jane (villa.yaml:1:3)" in problem.message
    assert str(problem.position) == "villa.yaml:9:3"


def test_two_bindings_of_one_row_are_refused() -> None:
    twin = resource("contacts.twin", line=9)
    bindings = {"contacts.jane": (FOREIGN, "owned"), "contacts.twin": (FOREIGN, "owned")}
    found = match(JANE, twin, rows=live(contacts=[contact(FOREIGN)]), bindings=bindings)
    assert [problem.code for problem in found.problems] == ["two-claims"]


def test_a_key_that_a_renamed_row_had_before_says_what_to_do() -> None:
    """The row of ``jane`` is now called ``janet``; a new ``jane`` would have the same id."""
    row_id = own_id("contacts.jane")
    janet = resource("contacts.janet", email=EMAIL)
    new = resource("contacts.jane", email="other@example.com")
    found = match(
        janet,
        new,
        rows=live(contacts=[contact(row_id, email=EMAIL)]),
        bindings={"contacts.janet": (row_id, "owned")},
    )
    [problem] = found.problems
    assert problem.code == "two-claims"
    assert problem.address == "contacts.jane"
    assert "another key" in str(problem.hint)


def test_a_row_is_claimed_once_its_id_is_known() -> None:
    """A natural key can only match a row that nobody has."""
    mine = own_id("contacts.jane")
    twin = resource("contacts.twin", email=EMAIL)
    rows = live([BY_EMAIL], contacts=[contact(mine, email=EMAIL)])
    found = match(twin, JANE, rows=rows)
    assert said(found) == [f"contacts.jane = {mine} by id"]
    assert found.ids[address("contacts.twin")] == own_id("contacts.twin")


# -- what must be read ----------------------------------------------------------------------------


def read(*resources: Resource, limited: Iterable[str] | None = None) -> dict[str, str]:
    desired = configuration(*resources, limited=limited)
    columns = columns_to_read(desired, KINDS)
    bindings = {address("products.villa"): Binding(FOREIGN, "owned")}
    return {
        want.kind.name: ("own " if want.owned else "") + ("bound" if want.ids else "")
        for want in kinds_to_read(desired, KINDS, bindings, columns)
    }


def test_orphans_are_looked_for_in_every_kind_that_can_be_deleted() -> None:
    found = read(JANE)
    expected = {
        kind.name
        for kind in KINDS.values()
        if kind.can_list
        and {"create", "delete"} <= kind.verbs.keys()
        and not kind.server_chooses_id
    }
    assert found.keys() == expected | {"products"}
    assert found["products"] == "bound"
    assert found["contacts"] == "own "


def test_a_limited_run_reads_only_what_it_names() -> None:
    assert read(JANE, limited=["contacts.jane"]) == {"contacts": "own "}


def test_only_the_columns_that_are_needed_are_read() -> None:
    desired = configuration(JANE, resource("bookings.stay", widget_id=lookup("widgets", title="W")))
    columns = columns_to_read(desired, KINDS)
    assert set(columns["contacts"]) == {
        "id",
        "email",
        "updated_at",
        "creator_id",
        "organization_id",
    }
    assert set(columns["widgets"]) == {"id", "title"}
    assert set(columns["taxes"]) == {"id"}


def test_the_mark_of_a_soft_delete_is_read_for_lookups_too() -> None:
    use = resource("coupon_uses.x--y", coupon_id=lookup("coupons", code="TEN"))
    assert "deleted_at" in columns_to_read(configuration(use), KINDS)["coupons"]


@pytest.mark.parametrize(
    ("other", "asks", "noted"),
    [
        ("joan@example.com", EMAIL, True),
        (EMAIL, "new@example.com", False),
        (EMAIL.title(), EMAIL, False),
        (None, EMAIL, False),
    ],
)
def test_a_key_that_was_renamed_and_given_away_in_one_step_is_noted(
    other: str | None, asks: str, noted: bool
) -> None:
    """Jane's row, which is known by its id, would become Joan, and Jane be created anew."""
    old = own_id("contacts.jane")
    rows = live(
        [Question("contacts", "email", email) for email in {asks, EMAIL}],
        contacts=[contact(old, email=EMAIL)],
    )
    jane = resource("contacts.jane", {} if other is None else {"email": other})
    found = match(jane, resource("contacts.joan", email=asks), rows=rows)
    assert [note.code for note in found.notes] == ["maybe-renamed"] * noted
    assert not found.problems
