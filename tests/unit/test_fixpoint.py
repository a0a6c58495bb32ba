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
