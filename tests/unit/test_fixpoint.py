"""A loop that goes round without getting anywhere ends, and says so."""

import pytest

from reconciler.values.fixpoint import Progress, StuckError


@pytest.mark.parametrize("reached", [[0, 0], [1, 2, 2], [5, 6, 3]])
def test_a_round_that_changes_nothing_is_the_last(reached: list[int]) -> None:
    progress = Progress("counting")
    for far in reached[:-1]:
        progress.insist(far)
    with pytest.raises(StuckError, match="counting does not come to an end: round"):
        progress.insist(reached[-1])


def test_it_says_which_round_it_was_and_what_to_do() -> None:
    progress = Progress("counting")
    for far in (0, 1, 2):
        progress.insist(far)
    with pytest.raises(StuckError) as caught:
        progress.insist(2)
    assert caught.value.message == "counting does not come to an end: round 3 changed nothing"
    assert caught.value.hint == "it was broken off there; please report it, with the command"
