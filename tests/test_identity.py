"""Which live row is meant: binding, then ``$was``, then the computed id, then the natural key."""

from collections.abc import Iterable, Mapping

import pytest

from reconciler.bindings import Binding
from reconciler.identity import Identities, columns_to_read, identify, kinds_to_read
from reconciler.kind import JSON
from reconciler.live import Live, Question
from reconciler.resource import Configuration, Resource
from tests.builders import (
    KINDS,
    OWNER,
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

FOREIGN = foreign_id(1)
OTHER_STACK = "0123456789ab-8111-8111-111111111111".replace("0123456789ab", "01234567-89ab")
EMAIL = "jane@example.com"
BY_EMAIL = Question("contacts", "email", EMAIL)
JANE = resource("contacts.jane", email=EMAIL)


def match(
    *resources: Resource | Configuration,
    rows: Live | None = None,
    bindings: Mapping[str, tuple[str, str]] | None = None,
    limited: Iterable[str] | None = None,
    protect: Iterable[str] = (),
) -> Identities:
    bound = {
        address(name): Binding(row_id, origin)  # type: ignore[arg-type]
        for name, (row_id, origin) in (bindings or {}).items()
    }
    desired = configuration(*resources, limited=limited, protect=protect)  # type: ignore[arg-type]
    return identify(desired, KINDS, OWNER, bound, rows or live())


def said(found: Identities) -> list[str]:
    """What is found, in lines: ``contacts.jane = <id> by natural key, adopted``."""
    return [
        f"{name} = {one.id} by {one.how}" + (f", {one.bind}" if one.bind else "")
        for name, one in found.found.items()
    ]


def contact(row_id: str, **values: JSON) -> dict[str, JSON]:
    return row("contacts", row_id, **{"email": "", **values})


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
    jane = resource("contacts.jane", was="joan", email=EMAIL)
    found = match(jane, rows=live(contacts=[contact(old)]))
    assert said(found) == [f"contacts.jane = {old} by was, owned"]


def test_was_follows_a_binding() -> None:
    jane = resource("contacts.jane", was="joan", email=EMAIL)
    rows = live(contacts=[contact(FOREIGN)])
    found = match(jane, rows=rows, bindings={"contacts.joan": (FOREIGN, "owned")})
    assert said(found) == [f"contacts.jane = {FOREIGN} by was, owned"]
    assert not found.orphans


def test_was_does_not_take_an_adopted_row_into_ownership() -> None:
    jane = resource("contacts.jane", was="joan", email=EMAIL)
    rows = live(contacts=[contact(FOREIGN)])
    found = match(jane, rows=rows, bindings={"contacts.joan": (FOREIGN, "adopted")})
    assert said(found) == [f"contacts.jane = {FOREIGN} by was, adopted"]


def test_was_and_the_new_row_cannot_both_be_there() -> None:
    rows = live(contacts=[contact(own_id("contacts.joan")), contact(own_id("contacts.jane"))])
    found = match(resource("contacts.jane", was="joan"), rows=rows)
    [problem] = found.problems
    assert problem.code == "was-exists"
    assert own_id("contacts.joan") in problem.message
    assert own_id("contacts.jane") in problem.message


def test_was_without_a_row_does_no_harm() -> None:
    jane = resource("contacts.jane", was="joan", email=EMAIL)
    mine = own_id("contacts.jane")
    found = match(jane, rows=live(contacts=[contact(mine)]))
    assert said(found) == [f"contacts.jane = {mine} by id"]


# -- natural keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["", None])
def test_an_empty_natural_key_matches_nothing(email: str | None) -> None:
    jane = resource("contacts.jane", email=email)
    found = match(jane, rows=live(contacts=[contact(FOREIGN, email="")]))
    assert said(found) == []
    assert not found.questions


def test_a_natural_key_that_is_not_given_matches_nothing() -> None:
    found = match(resource("contacts.jane", first_name="Jane"))
    assert not found.questions


def test_a_natural_key_is_compared_exactly() -> None:
    rows = live([BY_EMAIL], contacts=[contact(FOREIGN, email=EMAIL.upper())])
    assert said(match(JANE, rows=rows)) == []


def test_several_rows_with_the_same_natural_key_are_listed() -> None:
    rows = live(
        [BY_EMAIL],
        contacts=[contact(foreign_id(n), email=EMAIL) for n in (2, 3)],
    )
    [problem] = match(JANE, rows=rows).problems
    assert problem.code == "ambiguous-match"
    assert f"{foreign_id(2)}, {foreign_id(3)}" in problem.message
    assert "same email" in problem.message


def test_a_row_of_another_stack_is_refused() -> None:
    rows = live([BY_EMAIL], contacts=[contact(OTHER_STACK, email=EMAIL)])
    [problem] = match(JANE, rows=rows).problems
    assert problem.code == "other-stack"
    assert OTHER_STACK in problem.message


def test_a_row_that_is_deleted_softly_does_not_match() -> None:
    coupon = resource("coupons.ten", code="TEN")
    asked = [Question("coupons", "code", "TEN")]
    gone = row("coupons", FOREIGN, code="TEN", deleted_at="2026-01-01T00:00:00+00:00")
    assert said(match(coupon, rows=live(asked, coupons=[gone]))) == []
    there = row("coupons", FOREIGN, code="TEN", deleted_at=None)
    assert len(said(match(coupon, rows=live(asked, coupons=[there])))) == 1


def test_a_text_inside_json_may_be_the_key() -> None:
    villa = resource("products.villa", {"name": {"default": "Villa", "nl": "Huis"}})
    question = Question("products", "name->>default", "Villa")
    assert match(villa).questions == {question}
    rows = live([question], products=[row("products", FOREIGN, name={"default": "Villa"})])
    assert said(match(villa, rows=rows)) == [f"products.villa = {FOREIGN} by natural key, adopted"]


def test_a_kind_may_have_a_key_of_a_pair_that_is_found_step_by_step() -> None:
    link = resource(
        "contact_bookings.jane--stay",
        contact_id=ref("contacts.jane"),
        booking_id=ref("bookings.stay"),
    )
    stay = resource("bookings.stay", reference="BM-1")
    by_reference = Question("bookings", "reference", "BM-1")
    assert match(JANE, stay, link).questions == {BY_EMAIL, by_reference}
    found = {
        "contacts": [contact(FOREIGN, email=EMAIL)],
        "bookings": [row("bookings", foreign_id(2), reference="BM-1")],
    }
    asked = [BY_EMAIL, by_reference]
    by_pair = Question("contact_bookings", "contact_id", FOREIGN)
    assert match(JANE, stay, link, rows=live(asked, **found)).questions == {by_pair}
    pair: dict[str, JSON] = {"contact_id": FOREIGN, "booking_id": foreign_id(2)}
    other: dict[str, JSON] = {"contact_id": FOREIGN, "booking_id": foreign_id(3)}
    links = [row("contact_bookings", foreign_id(4), **pair),
             row("contact_bookings", foreign_id(5), **other)]  # fmt: skip
    last = match(JANE, stay, link, rows=live([*asked, by_pair], **found, contact_bookings=links))
    # a pair says which row it is, every time: no binding is needed
    assert said(last)[-1] == f"contact_bookings.jane--stay = {foreign_id(4)} by natural key"
    assert not last.questions


def test_a_pair_with_a_row_that_is_still_to_be_created_matches_nothing() -> None:
    link = resource(
        "contact_bookings.jane--stay",
        contact_id=ref("contacts.jane"),
        booking_id=row_ref("bookings", foreign_id(2)),
    )
    found = match(JANE, link, rows=live([BY_EMAIL]))
    assert not found.questions
    assert said(found) == []


def test_a_missing_parent_is_a_value_of_the_key_like_any_other() -> None:
    top = resource("services.top", {"label": {"default": "Food"}, "type": "checkbox"})
    asked = [Question("services", "label->>default", "Food")]
    label: dict[str, JSON] = {"default": "Food"}
    child = row("services", foreign_id(2), label=label, type="checkbox", parent_id=foreign_id(9))
    root = row("services", foreign_id(3), label=label, type="checkbox", parent_id=None)
    found = match(top, rows=live(asked, services=[child, root]))
    assert said(found) == [f"services.top = {foreign_id(3)} by natural key, adopted"]


def test_a_chain_of_keys_may_be_longer_than_the_stack_of_python() -> None:
    last = 3000
    chain = [
        resource(
            f"services.s{n}",
            {"label": {"default": f"S{n}"}, "type": "checkbox"},
            parent_id=None if n == last else ref(f"services.s{n + 1}"),
        )
        for n in range(last + 1)
    ]
    assert match(*chain).questions == {Question("services", "label->>default", f"S{last}")}


def test_a_member_is_found_by_the_email_of_the_user_profile() -> None:
    ann = resource("members.ann", inputs={"email": "ann@example.com"})
    by_email = Question("user_profiles", "email", "ann@example.com")
    assert match(ann).questions == {by_email}
    profile = row("user_profiles", foreign_id(7), email="ann@example.com")
    by_user = Question("members", "user_id", foreign_id(7))
    rows = live([by_email], user_profiles=[profile])
    assert match(ann, rows=rows).questions == {by_user}
    member = row("members", foreign_id(8), user_id=foreign_id(7))
    rows = live([by_email, by_user], user_profiles=[profile], members=[member])
    assert said(match(ann, rows=rows)) == [f"members.ann = {foreign_id(8)} by natural key, adopted"]


def test_a_member_nobody_has_a_profile_for_is_new() -> None:
    ann = resource("members.ann", inputs={"email": "ann@example.com"})
    rows = live([Question("user_profiles", "email", "ann@example.com")], user_profiles=[])
    found = match(ann, rows=rows)
    assert not found.questions
    assert found.ids == {address("members.ann"): None}


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("sites.main", "subdomain", "villa"),
        ("user_profiles.owner", "email", "owner@example.com"),
    ],
)
def test_what_cannot_be_created_is_found_by_its_natural_key(
    name: str, column: str, value: str
) -> None:
    kind = name.partition(".")[0]
    one = resource(name, {column: value})
    question = Question(kind, column, value)
    assert match(one).questions == {question}
    found = match(one, rows=live([question], **{kind: [row(kind, FOREIGN, **{column: value})]}))
    assert said(found) == [f"{name} = {FOREIGN} by natural key, adopted"]
    assert match(one, rows=live([question])).ids == {address(name): None}


def test_what_cannot_be_listed_is_known_by_its_binding_alone() -> None:
    name = "task_template_assignees.a--b"
    link = resource(
        name,
        task_template_id=row_ref("task_templates", foreign_id(1)),
        member_id=row_ref("members", foreign_id(2)),
    )
    found = match(link, bindings={name: (FOREIGN, "owned")})
    assert said(found) == [f"{name} = {FOREIGN} by binding"]
    assert not match(link).questions


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
    jane = resource("contacts.jane", was="joan")
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


# -- lookups --------------------------------------------------------------------------------------

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
    stay = resource("bookings.stay", site_id=by_subdomain)
    rows = live(
        [Question("sites", "subdomain", "villa")],
        sites=[row("sites", FOREIGN, subdomain="villa")],
    )
    found = match(site, stay, rows=rows)
    [problem] = found.problems
    assert problem.code == "lookup-of-own"
    assert "main" in str(problem.hint)


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
