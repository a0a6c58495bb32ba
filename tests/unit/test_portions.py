"""Portions hold every item once, in order, and never too many."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from reconciler.values.portions import in_portions


@given(items=st.lists(st.integers(), max_size=40), most=st.integers(1, 12))
def test_all_items_come_in_as_few_portions_as_can_be(items: list[int], most: int) -> None:
    portions = list(in_portions(iter(items), most))
    assert list(chain.from_iterable(portions)) == items
    assert all(len(portion) == most for portion in portions[:-1])
    assert all(1 <= len(portion) <= most for portion in portions)
