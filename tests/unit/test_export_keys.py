"""Keys that an export makes, and the order in which it writes rows."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.exporting.keys import make_keys
from reconciler.exporting.spool import Spool
from reconciler.values.address import KEY_PATTERN
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.builders import KINDS, foreign_id, row


def keys_of(
    kind: str, rows: Sequence[Row], known: Mapping[str, str] | None = None, *readable: str
) -> list[tuple[str, str]]:
    """Give ids and keys, in the order in which they are written."""
    with Spool() as spool:
        spool.add(KINDS[kind], rows)
        keys = make_keys(spool, KINDS, {kind: known or {}}, readable=readable)
    return [*keys[kind].items()]


def contact(end: str, name: str = "Jane Doe") -> Row:
    return row("contacts", f"00000000-0000-4000-8000-{end:0>12}", name=name, email="jane@x.org")


def seasons(*names: JSON) -> list[Row]:
    rows = enumerate(names, 1)
    return [row("seasons", foreign_id(n), name={"default": name}, value=None) for n, name in rows]


# -- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "keys"),
    [
        pytest.param(["1"], ["contact-cfdd"], id="digits of its own id"),
        pytest.param(["1", "2"], ["contact-cfdd", "contact-6406"], id="each its own"),
        pytest.param(["2d", "14b"], ["contact-9bf5d", "contact-9bf50"], id="both longer"),
        pytest.param(
            ["2d", "14b", "1"],
            ["contact-9bf5d", "contact-9bf50", "contact-cfdd"],
            id="longer only where two collide",
        ),
    ],
)
def test_nothing_personal_is_in_a_key(ends: list[str], keys: list[str]) -> None:
    rows = [contact(end) for end in ends]
    assert sorted(key for _, key in keys_of("contacts", rows)) == sorted(keys)


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["Jane Doe"], ["jane-doe"]),
        (["Jane Doe", "Zoë"], ["jane-doe", "zoe"]),
        (["Jane Doe", "Jane Doe"], ["jane-doe-18c6", "jane-doe-cfdd"]),
        ([""], ["contact-18c6"]),
    ],
)
def test_who_asks_for_readable_keys_gets_names(names: list[str], keys: list[str]) -> None:
    rows = [contact(f"{number:04}", name) for number, name in enumerate(names)]
    assert [key for _, key in keys_of("contacts", rows, None, "contacts")] == keys


def test_a_key_that_a_row_has_stays_and_is_given_to_no_other() -> None:
    rows = [contact("2d"), contact("14b"), contact("1")]
    had = {str(rows[0]["id"]): "jane-doe", "another": "contact-9bf5"}
    found = dict(keys_of("contacts", rows, had))
    assert [found[str(one["id"])] for one in rows] == ["jane-doe", "contact-9bf50", "contact-cfdd"]


def test_links_are_named_after_what_they_link() -> None:
    jane, stay = contact("7f3a"), row("bookings", foreign_id(1), reference="VM-1")
    link = row("contact_bookings", foreign_id(2), contact_id=jane["id"], booking_id=stay["id"])
    with Spool() as spool:
        for kind, one in (("contacts", jane), ("bookings", stay), ("contact_bookings", link)):
            spool.add(KINDS[kind], [one])
        keys = make_keys(spool, KINDS, {})
    assert [*keys["contact_bookings"].values()] == ["contact-b61c--vm-1"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2d", "14b", "7f3a"]) | st.integers(1, 9999).map(str),
            st.sampled_from(["", "Jane Doe", "contact cfdd", "contact 9bf5", "Zoë"]),
        ),
        min_size=1,
        unique_by=lambda one: one[0],
    ),
    st.booleans(),
)
def test_keys_are_valid_different_and_the_same_in_any_order(
    ends: list[tuple[str, str]], readable: bool
) -> None:
    rows = [contact(*one) for one in ends]
    named = ("contacts",) if readable else ()
    found = keys_of("contacts", rows, None, *named)
    assert all(KEY_PATTERN.match(key) for _, key in found)
    assert len({key for _, key in found}) == len(rows)
    rows.sort(key=lambda one: str(one["id"])[::-1])
    assert keys_of("contacts", rows, None, *named) == found


# -- the order ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ["", "High summer", "summer", "Winter"],
        ["Room 2", "Room 2a", "Room 10", "Room 010 b", "Room 11"],
        ["eben", "Élan", "elf", "Émile", "Zoë"],
        ["ost", "Øst 2", "Ostern"],
        ["1", "2", "10", "a", "β"],
        ["Villa", "Villa (old)", "villa 1", "Villa-1"],
    ],
    ids=str,
)
def test_rows_stand_where_people_look_for_them(names: list[str]) -> None:
    rows = seasons(*names)
    by_id = {str(one["id"]): name for one, name in zip(rows, names, strict=True)}
    assert [by_id[row_id] for row_id, _ in keys_of("seasons", rows[::-1])] == names


def test_rows_of_the_same_label_stand_in_the_order_of_their_keys() -> None:
    rows = [contact("3333"), contact("1111"), contact("2222")]
    keys = [key for _, key in keys_of("contacts", rows)]
    assert keys == ["contact-8fed", "contact-a2f7", "contact-ae6b"]


def test_rows_are_sorted_by_their_label_where_keys_say_nothing() -> None:
    rows = [contact("1111", "Zoë"), contact("2222", "jane"), contact("3333", "Adam")]
    keys = [key for _, key in keys_of("contacts", rows)]
    assert keys == ["contact-ae6b", "contact-8fed", "contact-a2f7"]
