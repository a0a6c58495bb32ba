"""The garbage collector while much is made that is still in use."""

import gc

import pytest

from reconciler.configuration.load import paused_collector


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
