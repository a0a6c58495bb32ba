"""How many examples a property is tried with."""

from hypothesis import settings

USUAL = 100
"""What a property is tried with that asks for no number."""


def examples(number: int) -> int:
    """Give that many, or as many times more as the profile has more than the usual ones.

    The profiles are in ``tests/conftest.py``; ``HYPOTHESIS_PROFILE`` chooses one.
    """
    return max(1, number * settings().max_examples // USUAL)
