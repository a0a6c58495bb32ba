"""Computed ids: recomputed here from the documented formula."""

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ids import Owner, is_computed
from reconciler.values.address import Address

ORGANIZATION = "0F9AD0C6-6E37-4BB5-93F1-0A2C8F1DE001"
KEYS = st.from_regex(r"[a-z0-9][a-z0-9_]{0,20}", fullmatch=True)


def documented(organization: str, stack: str, address: str) -> str:
    """Compute an id as the documentation says, with nothing of ours."""
    mark = hashlib.sha256(f"{organization.lower()}/{stack}".encode()).digest()[:6]
    tail = hashlib.sha256(f"{organization.lower()}/{address}".encode()).digest()[:10]
    digits = list((mark + tail).hex())
    digits[12] = "8"  # the version
    digits[16] = "89ab"[int(digits[16], 16) % 4]  # the variant
    return str(uuid.UUID("".join(digits)))


@given(organization=st.uuids().map(str), stack=KEYS, kind=KEYS, key=KEYS)
def test_an_id_is_what_the_documentation_says(
    organization: str, stack: str, kind: str, key: str
) -> None:
    owner = Owner(organization, stack)
    row_id = owner.id_of(Address(kind, key))
    assert row_id == documented(organization, stack, f"{kind}.{key}")
    assert uuid.UUID(row_id).version == 8
    assert uuid.UUID(row_id).variant == uuid.RFC_4122
    mark = row_id[:13]
    assert (owner.first, owner.last) == (
        f"{mark}-8000-8000-000000000000",
        f"{mark}-8fff-bfff-ffffffffffff",
    )
    assert owner.first <= row_id <= owner.last
    assert owner.owns(row_id)
    assert owner.owns(row_id.upper())


def test_one_id_is_pinned_for_ever() -> None:
    owner = Owner(ORGANIZATION, "villa-7f3a")
    pinned = "3a0440ee-42d4-85b9-bba2-e7c641a96e03"
    assert owner.id_of(Address("contacts", "jane-doe")) == pinned
    assert documented(ORGANIZATION, "villa-7f3a", "contacts.jane-doe") == pinned


def test_the_spelling_of_the_organization_does_not_matter() -> None:
    upper, lower = Owner(ORGANIZATION, "villa"), Owner(ORGANIZATION.lower(), "villa")
    assert upper.id_of(Address("contacts", "jane")) == lower.id_of(Address("contacts", "jane"))


@pytest.mark.parametrize(
    ("stack", "name"),
    [("other", "contacts.jane"), ("villa", "contacts.john"), ("villa", "bookings.jane")],
)
def test_another_stack_or_address_has_another_id(stack: str, name: str) -> None:
    kind, _, key = name.partition(".")
    here = Owner(ORGANIZATION, "villa").id_of(Address("contacts", "jane"))
    assert Owner(ORGANIZATION, stack).id_of(Address(kind, key)) != here


def test_another_stack_has_another_range() -> None:
    one, other = Owner(ORGANIZATION, "villa"), Owner(ORGANIZATION, "villa2")
    assert not one.owns(other.id_of(Address("contacts", "jane")))
    assert one.last < other.first or other.last < one.first


def test_a_row_of_the_server_is_nobodys() -> None:
    owner = Owner(ORGANIZATION, "villa")
    for _ in range(100):
        assert not is_computed(str(uuid.uuid4()))
    # in the range by its first digits, but of version 4
    assert not owner.owns(owner.first[:14] + "4" + owner.first[15:])
