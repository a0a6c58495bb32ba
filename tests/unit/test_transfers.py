"""Rows that changed their address or stack: the two files, and the ids that follow from them."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.diagnostics import ConfigurationError, UsageError
from reconciler.ids import Former, Owner, Release, Transfers
from reconciler.transfers import RECEIVED, RELEASED, Changing, read_transfers, texts_of
from reconciler.values.address import Address

HERE, THERE = "villa-7f3a", "park-9c1e"
ORGANIZATION = "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001"
A, B, C = (Address("contacts", key) for key in "abc")


def put(folder: Path, name: Path, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    transfers = Transfers(
        {A: Former(HERE, B), C: Former(THERE, Address("contacts", "x--y"))},
        {Former(HERE, A): Release(A), Former(THERE, A): Release(B, "other-stack")},
    )
    for name, text in texts_of(transfers).items():
        put(tmp_path, name, text)
    assert read_transfers(tmp_path) == transfers


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (RECEIVED, "contacts.a: {from: bookings.a, stack: villa}\n", "contacts.a is not {from"),
        (RECEIVED, "contacts.a: {from: contacts.b}\n", "contacts.a is not {from"),
        (RECEIVED, "contacts.a: {from: contacts.b, stack: A B}\n", "contacts.a is not {from"),
        (RECEIVED, "contacts: {from: contacts.b, stack: villa}\n", "contacts is not {from"),
        (RECEIVED, "contacts.a: 1\n", "contacts.a is not {from"),
        (
            RECEIVED,
            "contacts.a: {from: contacts.c, stack: villa}\n"
            "contacts.b: {from: contacts.c, stack: villa}\n",
            "contacts.a and contacts.b have the same row",
        ),
        (RELEASED, "villa: [contacts.a]\n", "villa is not the name of a stack"),
        (RELEASED, "Not a stack: {}\n", "Not a stack is not the name of a stack"),
        (RELEASED, "villa: {contacts.a: {last: bookings.a}}\n", "contacts.a is not {last"),
        (RELEASED, "villa: {contacts.a: {to: 'A B'}}\n", "contacts.a is not {last"),
        (RELEASED, "villa: {contacts.a: {by: x}}\n", "contacts.a is not {last"),
        (RELEASED, "<<<<<<< ours\na: {}\n=======\n>>>>>>> theirs\n", "merge"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(
    tmp_path: Path, name: Path, text: str, said: str
) -> None:
    put(tmp_path, name, text)
    with pytest.raises(ConfigurationError) as raised:
        read_transfers(tmp_path)
    [problem] = raised.value.problems
    assert said in problem.message
    assert problem.hint


def test_a_row_that_a_merge_leaves_in_both_files_is_refused(tmp_path: Path) -> None:
    put(tmp_path, RECEIVED, "contacts.a: {from: contacts.b, stack: villa}\n")
    put(tmp_path, RELEASED, "villa: {contacts.b: {to: zuid}}\n")
    with pytest.raises(ConfigurationError) as raised:
        read_transfers(tmp_path)
    [problem] = raised.value.problems
    assert "the row of contacts.a is in bindings/released.yaml, too" in problem.message
    assert problem.hint


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("contacts.a: {from: contacts.b, stack: villa}\n")
    folder = tmp_path / "folder"
    (folder / "bindings").mkdir(parents=True)
    (folder / RECEIVED).symlink_to(outside)
    with pytest.raises(UsageError, match="leads out of the folder"):
        read_transfers(folder)


def owner(transfers: Transfers) -> Owner:
    return Owner(ORGANIZATION, HERE, transfers)


def test_a_received_address_has_the_id_that_its_row_was_made_with() -> None:
    ours = owner(Transfers({A: Former(THERE, B)}))
    row = Owner(ORGANIZATION, THERE).id_of(B)
    assert (ours.id_of(A), ours.owns(row), ours.in_range(row)) == (row, True, False)
    assert list(ours.outside()) == [("contacts", row)]
    assert ours.id_of(B) == Owner(ORGANIZATION, HERE).id_of(B)


def test_a_row_that_went_to_another_stack_is_not_owned_and_one_let_go_is() -> None:
    plain = Owner(ORGANIZATION, HERE)
    ours = owner(Transfers({}, {Former(HERE, A): Release(A, THERE), Former(HERE, B): Release(B)}))
    assert [ours.owns(plain.id_of(one)) for one in (A, B, C)] == [False, True, True]
    assert ours.released.keys() == {plain.id_of(A), plain.id_of(B)}


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_an_owner_can_be_copied(copied: Callable[[Owner], Owner]) -> None:
    ours = copied(owner(Transfers({A: Former(THERE, B)}, {Former(HERE, B): Release(B)})))
    assert ours == owner(Transfers())
    assert ours.id_of(A) == Owner(ORGANIZATION, THERE).id_of(B)
    assert ours.transfers.released == {Former(HERE, B): Release(B)}


def changed(*steps: Callable[[Changing], object]) -> Transfers:
    changing = Changing(HERE, Transfers())
    for step in steps:
        step(changing)
    return changing.now


@pytest.mark.parametrize(
    ("steps", "received", "released"),
    [
        ([lambda c: c.rename({A: B})], {B: Former(HERE, A)}, {}),
        ([lambda c: c.rename({A: B}), lambda c: c.rename({B: A})], {}, {}),
        (
            [lambda c: c.rename({A: B}), lambda c: c.rename({B: C})],
            {C: Former(HERE, A)},
            {},
        ),
        ([lambda c: c.rename({A: B, B: A})], {A: Former(HERE, B), B: Former(HERE, A)}, {}),
        ([lambda c: c.rename({A: B, B: A})] * 2, {}, {}),
        (
            [lambda c: c.rename({A: B}), lambda c: c.forget(B)],
            {B: Former(HERE, A)},
            {Former(HERE, A): Release(B)},
        ),
        (
            [lambda c: c.give_away(A, THERE), lambda c: c.receive(B, Former(HERE, A))],
            {B: Former(HERE, A)},
            {},
        ),
        (
            [lambda c: c.receive(A, Former(THERE, A)), lambda c: c.give_away(A, THERE)],
            {},
            {},
        ),
    ],
    ids=["renamed", "back", "twice", "swapped", "swapped-back", "forgotten", "returned", "through"],
)
def test_steps_come_to_what_is_needed_and_no_more(
    steps: list[Callable[[Changing], object]],
    received: dict[Address, Former],
    released: dict[Former, Release],
) -> None:
    assert changed(*steps) == Transfers(received, released)
