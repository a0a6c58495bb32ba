"""Which rows and columns a plan reads first: never more than it needs."""

from collections.abc import Iterable

import pytest

from reconciler.bindings import Binding
from reconciler.configuration.resource import Resource
from reconciler.identity.reading import columns_to_read, kinds_to_read
from tests.builders import KINDS, address, configuration, foreign_id, lookup, resource

JANE, VILLA = resource("contacts.jane", notes="x"), resource("products.villa", timezone="UTC")
ONE, TWO = foreign_id(1), foreign_id(2)


def read(
    *resources: Resource, limited: Iterable[str] | None = None, **bound: str
) -> dict[str, tuple[bool, set[str], bool, tuple[str, ...]]]:
    """Say of each kind that is read: our range or not, which ids, whether YAML names it."""
    bindings = {
        address(name.replace("__", ".")): Binding(row_id, "owned") for name, row_id in bound.items()
    }
    whole = configuration(*resources, limited=limited)
    columns = columns_to_read(whole, KINDS)
    wanted = kinds_to_read(whole, KINDS, bindings, columns)
    return {one.kind.name: (one.owned, set(one.ids), one.named, one.columns) for one in wanted}


def test_our_range_of_a_kind_that_is_named_is_read() -> None:
    owned, ids, named, columns = read(JANE)["contacts"]
    assert (owned, ids, named) == (True, set(), True)
    assert columns == columns_to_read(configuration(JANE), KINDS)["contacts"]


def test_kinds_that_may_hold_orphans_are_read_too_but_not_by_a_limited_run() -> None:
    assert read(JANE)["taxes"][:3] == (True, set(), False)
    assert set(read(JANE, limited=["contacts.jane"])) == {"contacts"}


def test_a_kind_that_the_server_numbers_is_read_by_its_bindings_alone() -> None:
    assert "products" not in read(VILLA)
    both = read(VILLA, products__villa=ONE, products__barn=TWO)["products"]
    assert both[:3] == (False, {ONE, TWO}, True)


def test_a_kind_that_cannot_be_listed_is_not_read() -> None:
    assert "task_template_assignees" not in read(task_template_assignees__a=ONE)


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        # id, version, natural key, references, what is given
        ("contacts", {"id", "updated_at", "email", "organization_id", "notes"}),
        # no version: everything that locks
        ("site_nav_items", {"id", *(c.name for c in KINDS["site_nav_items"].lock_columns)}),
    ],
)
def test_what_is_compared_locked_or_followed_is_read(kind: str, columns: set[str]) -> None:
    one = JANE if kind == "contacts" else resource(f"{kind}.x")
    found = columns_to_read(configuration(one), KINDS)[kind]
    assert columns <= set(found)
    assert len(found) == len(set(found))


def test_of_a_kind_that_nobody_names_the_id_is_enough() -> None:
    found = columns_to_read(configuration(JANE), KINDS)
    assert found["taxes"] == ("id",)
    assert set(found["contact_bookings"]) == {"id", *KINDS["contact_bookings"].primary_key}


def test_what_a_lookup_goes_by_is_read_of_its_kind() -> None:
    by = lookup("coupons", code="A")
    user = resource("coupon_services.c", coupon_id=by)
    assert columns_to_read(configuration(user), KINDS)["coupons"] == ("id", "code", "deleted_at")


def test_a_secret_is_never_read_to_find_a_row() -> None:
    for kind in KINDS.values():
        found = columns_to_read(configuration(resource(f"{kind.name}.x")), KINDS)[kind.name]
        assert not [name for name in found if kind.columns[name].sensitive], kind.name


def test_what_a_natural_key_goes_through_is_read_of_the_other_kind() -> None:
    """Members are found by the e-mail of their profile."""
    found = columns_to_read(configuration(), KINDS)
    assert "email" in found["user_profiles"]
