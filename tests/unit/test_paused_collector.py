"""The garbage collector while much is made that is still in use."""

import gc
from collections.abc import Mapping

import pytest

from reconciler.configuration.load import paused_collector

MANY = 10_000


def test_what_was_made_is_not_walked_over_afterwards() -> None:
    walks: list[str] = []

    def heard(phase: str, _: Mapping[str, int]) -> None:
        walks.append(phase)

    gc.callbacks.append(heard)
    try:
        with paused_collector():
            made = [[number] for number in range(MANY)]
        made.append([MANY])
    finally:
        gc.callbacks.remove(heard)
    assert gc.isenabled()
    assert not walks
    assert gc.get_freeze_count() == 0


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with paused_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("inner", [1, 2])
def test_it_is_on_again_after_the_outermost_block(inner: int) -> None:
    with paused_collector():
        for _ in range(inner):
            with paused_collector():
                pass
        assert not gc.isenabled()
    assert gc.isenabled()
