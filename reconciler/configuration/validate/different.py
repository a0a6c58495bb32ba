"""Whether the resources of a kind are all different: known of most of them from before.

Each resource has marks: of each unique column its value, of each natural key a rough form. Two that
are alike have a mark in common. What has, need not be alike: then all are looked at closely.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ...values.address import Address
from ..resource import Resource

Marks: TypeAlias = tuple[Hashable, ...]
"""One for each way in which resources may be alike; None where a resource is like no other."""


@dataclass(slots=True)
class Different:
    """The marks of the resources of one kind, and how many have each of them."""

    known: dict[Address, tuple[Resource, Marks]] = field(default_factory=dict)
    counts: Counter[tuple[int, Hashable]] = field(default_factory=Counter)
    shared: int = 0
    """How many resources have a mark that one before them has."""

    def are_all(
        self, resources: Sequence[Resource], marks_of: Callable[[Sequence[Resource]], list[Marks]]
    ) -> bool:
        """Tell whether no two have a mark in common; only new resources are looked at."""
        known = self.known
        new = [r for r in resources if (k := known.get(r.address)) is None or k[0] is not r]
        if len(known) + len(new) != len(resources) or new:
            self._forget(resources, new)
            for resource, marks in zip(new, marks_of(new), strict=True):
                self._count(marks, 1)
                known[resource.address] = resource, marks
        return not self.shared

    def _forget(self, resources: Sequence[Resource], new: Sequence[Resource]) -> None:
        gone = [resource.address for resource in new if resource.address in self.known]
        if len(self.known) - len(gone) + len(new) != len(resources):
            gone += self.known.keys() - {resource.address for resource in resources}
        for address in gone:
            self._count(self.known.pop(address)[1], -1)

    def _count(self, marks: Marks, step: int) -> None:
        for number, mark in enumerate(marks):
            if mark is not None:
                before = self.counts[number, mark]
                after = before + step
                self.shared += max(after - 1, 0) - max(before - 1, 0)
                self.counts[number, mark] = after
                if not after:
                    del self.counts[number, mark]
