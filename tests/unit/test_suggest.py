"""What is suggested for the name of a row: a slip of it, and never the row of somebody else."""

import pytest

from reconciler.configuration.validate.suggest import Suggester


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("jan-doe", "jane-doe"), ("jnae", "jane"), ("janne-doe", "jane-doe"), ("vila", "villa"),
        ("summer_stay", "summer-stay"), ("stay-2026", "stays-2026"),
        ("contacts.jnae", "contacts.jane"),
    ],
)  # fmt: skip
def test_a_slip_is_found(word: str, name: str) -> None:
    assert Suggester().slip(word, ["somebody-else", name]) == name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("jane-doe", "john-doe"), ("guest-12", "guest-13"), ("stay-1", "stay-11"), ("ann", "ian"),
        ("jane-doe", "jane-doe-2"), ("anna-berg", "hanna-bergen"), ("vat", "tax"),
    ],
)  # fmt: skip
def test_another_row_is_not(word: str, name: str) -> None:
    assert Suggester().slip(word, [name]) is None
    assert Suggester().slip(name, [word]) is None


def test_the_nearest_slip_is_taken() -> None:
    assert Suggester().slip("jane-doe", ["john-doe", "jane-do", "june-dove"]) == "jane-do"


def test_suggestions_end_with_their_comparisons() -> None:
    suggest = Suggester(3)
    assert suggest.slip("vila", ["villa", "a", "b"]) == "villa"
    assert suggest.slip("vila", ["villa", "a", "b"]) is None
