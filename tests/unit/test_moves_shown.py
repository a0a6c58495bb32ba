"""What a move says: what became of addresses, and what would change in the files."""

from pathlib import Path

import pytest

from reconciler.diagnostics import UsageError
from reconciler.moving.pairs import addresses_given, pairs_given
from reconciler.render.moved import MOST_SHOWN, moved_lines
from reconciler.render.textdiff import moves_diff
from reconciler.staging import Changes
from reconciler.values.address import Address

JANE, JOAN = Address("contacts", "jane"), Address("contacts", "joan")


def test_old_and_new_are_words_or_a_file(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("old,new\ncontacts.jane,contacts.joan\n")
    assert pairs_given(["contacts.jane", "contacts.joan"], None) == {JANE: JOAN}
    assert pairs_given([], names) == {JANE: JOAN}
    with pytest.raises(UsageError, match="do not go together"):
        pairs_given(["contacts.jane"], names)
    with pytest.raises(UsageError, match="takes OLD and NEW"):
        pairs_given(["contacts.jane"], None)
    with pytest.raises(UsageError, match="is for --to"):
        pairs_given(["contacts.jane", "contacts.joan"], None, with_dependents=True)


def test_only_addresses_go_to_another_folder() -> None:
    assert addresses_given(["contacts.jane"], None) == [JANE]
    for words, file in (([], None), (["contacts.jane"], Path("names.csv"))):
        with pytest.raises(UsageError, match="--to takes addresses"):
            addresses_given(words, file)


def test_the_first_addresses_are_named_and_the_rest_counted() -> None:
    assert [*moved_lines({JANE: JOAN}, None)] == ["contacts.jane is contacts.joan now"]
    assert [*moved_lines({JANE: JANE}, Path("zuid"))] == [
        "contacts.jane is contacts.jane in zuid now"
    ]
    many = {
        Address("contacts", f"c{n}"): Address("contacts", f"d{n}") for n in range(MOST_SHOWN + 1)
    }
    assert [*moved_lines(many, None)][MOST_SHOWN:] == ["and 1 more address"]


def test_a_diff_shows_files_that_change_come_and_go(tmp_path: Path) -> None:
    old, new, gone = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml"))
    old.write_text("one\n")
    gone.write_text("away\n")
    changes = Changes({old: b"two\n", new: b"here\n"}, [gone])
    a, b, c = moves_diff({tmp_path: changes})
    assert "-one\n+two\n" in a
    assert "+here\n" in b
    assert "-away\n" in c
    assert "c.yaml (moved)" in c
