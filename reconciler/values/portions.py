"""Some of many things at a time, so that neither memory nor the number of calls grows with them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def in_portions(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """Give the items in their order, at most so many at a time."""
    rest = iter(items)
    while portion := list(islice(rest, most)):
        yield portion
