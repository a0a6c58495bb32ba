"""A sample of `python -m tests.crash`, which kills apply around every write request."""

from tests.crash import Figures, crash


def test_a_killed_run_is_finished_by_the_next() -> None:
    figures = Figures()
    crash(figures, sample=6)
    assert figures.failures == []
    assert figures.clean
    assert figures.killed == figures.trials == 6
