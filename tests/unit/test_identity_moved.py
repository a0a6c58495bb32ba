"""What blocks mean whose address had another row before: nothing is made twice, or written over."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.configuration.resource import Configuration, Resource, with_references
from reconciler.ids import Former, Owner, Release, Transfers
from tests.builders import ORGANIZATION, STACK, address, configuration, foreign_id, live, resource
from tests.matching import contact, match

THERE = "zuid-1a2b"
JANE, JOAN, ANN = (address(f"contacts.{key}") for key in ("jane", "joan", "ann"))
VILLA = address("products.villa")


def former(name: str, stack: str = STACK) -> Former:
    return Former(stack, address(name))


RENAMED = Transfers({JOAN: former("contacts.jane")})
GONE = Transfers({}, {former("contacts.jane"): Release(JANE, THERE)})
GONE_RENAMED = Transfers({}, {former("contacts.jane"): Release(JOAN, THERE)})
LET_GO = Transfers({JOAN: former("contacts.jane")}, {former("contacts.jane"): Release(JOAN)})
PASSED_ON = Transfers({}, {former("contacts.ann", "west"): Release(JOAN, THERE)})
SOLD = Transfers({}, {former("products.villa"): Release(VILLA, THERE)})


def owner(transfers: Transfers) -> Owner:
    return Owner(ORGANIZATION, STACK, transfers)


def both(limited: str | None) -> Configuration:
    names = "contacts.jane", "contacts.joan"
    whole = configuration(*map(resource, names), limited=limited and [limited])
    return with_references(whole)


@pytest.mark.parametrize("limited", [None, "contacts.jane", "contacts.joan"])
@pytest.mark.parametrize("is_there", [False, True])
def test_the_old_name_of_a_renamed_row_makes_no_second_one(
    limited: str | None, *, is_there: bool
) -> None:
    ours = owner(RENAMED)
    rows = live(contacts=[contact(ours.id_of(JOAN))] if is_there else [])
    found = match(both(limited), rows=rows, owner=ours)
    assert [problem.code for problem in found.problems] == ["two-claims"]


@pytest.mark.parametrize("limited", [None, "contacts.jane", "contacts.joan"])
def test_the_old_name_is_free_where_one_of_the_two_has_another_row(limited: str | None) -> None:
    bound = {"contacts.joan": (foreign_id(7), "adopted")}
    rows = live(contacts=[contact(foreign_id(7))])
    found = match(both(limited), rows=rows, bindings=bound, owner=owner(RENAMED))
    assert not found.problems


def test_the_old_name_is_free_in_a_kind_that_the_server_numbers() -> None:
    transfers = Transfers({address("products.house"): former("products.villa")})
    found = match(resource("products.villa"), resource("products.house"), owner=owner(transfers))
    assert not found.problems


@pytest.mark.parametrize(
    ("transfers", "block", "said"),
    [
        (GONE, resource("contacts.jane"), "moved to the stack zuid-1a2b"),
        (GONE, resource("contacts.ann", renamed_from="jane"), "moved to the stack zuid-1a2b"),
        (GONE, resource("contacts.joan"), None),
        (GONE_RENAMED, resource("contacts.jane"), "moved to the stack zuid-1a2b"),
        (GONE_RENAMED, resource("contacts.joan"), "moved to the stack zuid-1a2b"),
        (PASSED_ON, resource("contacts.joan"), "moved to the stack zuid-1a2b"),
        (PASSED_ON, resource("contacts.ann"), None),
        (SOLD, resource("products.villa"), "moved to the stack zuid-1a2b"),
        (LET_GO, resource("contacts.joan"), None),
        (LET_GO, resource("contacts.jane"), "its row became contacts.joan, and was let go"),
        # the address has a row again, which was called otherwise
        (replace(GONE, received={JANE: former("contacts.ann")}), resource("contacts.jane"), None),
    ],
)
@pytest.mark.parametrize("is_there", [False, True])
def test_a_block_for_a_row_that_went_is_refused_in_every_organization(
    transfers: Transfers, block: Resource, said: str | None, *, is_there: bool
) -> None:
    """Where the row is not there yet, too: two folders would make it."""
    plain = Owner(ORGANIZATION, STACK)
    rows = live(contacts=[contact(plain.id_of(JANE))] if is_there else [])
    problems = match(block, rows=rows, owner=owner(transfers)).problems
    assert [problem.code for problem in problems] == (["moved-away"] if said else [])
    assert (said or "") in "".join(problem.message for problem in problems)


def test_what_is_bound_by_hand_is_not_refused() -> None:
    bound: Mapping[str, tuple[str, str]] = {"products.villa": (foreign_id(1), "owned")}
    rows = live(products=[{"id": foreign_id(1), "deleted_at": None}])
    assert not match(
        resource("products.villa"), rows=rows, bindings=bound, owner=owner(SOLD)
    ).problems
