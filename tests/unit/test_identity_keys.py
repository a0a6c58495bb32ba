"""Rows that are found by their natural key, which may be a pair or lead through other rows."""

import pytest

from reconciler.live.rows import Question
from reconciler.values.column import JSON
from tests.builders import address, foreign_id, live, lookup, ref, resource, row, row_ref
from tests.matching import BY_EMAIL, EMAIL, FOREIGN, JANE, OTHER_STACK, contact, match, said


@pytest.mark.parametrize("email", ["", None])
def test_an_empty_natural_key_matches_nothing(email: str | None) -> None:
    jane = resource("contacts.jane", email=email)
    found = match(jane, rows=live(contacts=[contact(FOREIGN, email="")]))
    assert said(found) == []
    assert not found.questions


def test_a_natural_key_that_is_not_given_matches_nothing() -> None:
    found = match(resource("contacts.jane", first_name="Jane"))
    assert not found.questions


def test_a_natural_key_is_compared_with_regard_to_case() -> None:
    coupon = resource("coupons.ten", code="TEN")
    asked = [Question("coupons", "code", "TEN")]
    assert (
        said(match(coupon, rows=live(asked, coupons=[row("coupons", FOREIGN, code="ten")]))) == []
    )


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


@pytest.mark.parametrize("bound", [True, False])
def test_a_link_that_was_bound_under_a_former_key_is_bound_anew(bound: bool) -> None:
    """An exported link, whose contact has another key by now: its entry must not stay behind."""
    link = resource(
        "contact_bookings.jane--stay",
        contact_id=row_ref("contacts", FOREIGN),
        booking_id=row_ref("bookings", foreign_id(2)),
    )
    by_pair = Question("contact_bookings", "contact_id", FOREIGN)
    pair: dict[str, JSON] = {"contact_id": FOREIGN, "booking_id": foreign_id(2)}
    rows = live([by_pair], contact_bookings=[row("contact_bookings", foreign_id(3), **pair)])
    had = {"contact_bookings.joan--stay": (foreign_id(3), "owned")} if bound else {}
    end = ", owned" if bound else ""
    name = f"contact_bookings.jane--stay = {foreign_id(3)}"
    assert said(match(link, rows=rows, bindings=had)) == [f"{name} by natural key{end}"]


@pytest.mark.parametrize(("product", "found"), [(foreign_id(9), False), (None, True)])
def test_a_better_key_that_names_a_row_to_come_tells_other_rows_apart(
    product: str | None, found: bool
) -> None:
    """A widget for a new product is not the one of the same title for another product."""
    villa = resource("products.villa", {"name": {"default": "Villa"}})
    widget = resource("pricing_widgets.w", title="Prices", product_id=ref("products.villa"))
    rows = live(
        [
            Question("products", "name->>default", "Villa"),
            Question("pricing_widgets", "title", "Prices"),
        ],
        pricing_widgets=[row("pricing_widgets", FOREIGN, title="Prices", product_id=product)],
    )
    line = f"pricing_widgets.w = {FOREIGN} by natural key, adopted"
    assert said(match(villa, widget, rows=rows)) == [line] * found


def test_a_pair_may_hold_what_a_lookup_finds() -> None:
    link = resource(
        "permissions.x--y",
        member_id=row_ref("members", foreign_id(1)),
        product_id=lookup("products", timezone="UTC"),
    )
    by_zone = Question("products", "timezone", "UTC")
    assert match(link).questions == {by_zone}
    products = [row("products", foreign_id(2), timezone="UTC")]
    by_pair = Question("permissions", "member_id", foreign_id(1))
    assert match(link, rows=live([by_zone], products=products)).questions == {by_pair}
    pairs = [
        row("permissions", foreign_id(n), member_id=foreign_id(1), product_id=foreign_id(product))
        for n, product in ((3, 9), (4, 2))
    ]
    found = match(link, rows=live([by_zone, by_pair], products=products, permissions=pairs))
    assert said(found) == [f"permissions.x--y = {foreign_id(4)} by natural key"]
