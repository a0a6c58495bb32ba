"""What planning gives: the plan, and what the folder remembered when it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..bindings import Bindings
from ..catalogue import Kind, load_kinds
from ..plan.model import Plan
from ..remembered import Remembered
from ..values.address import Address


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what the folder remembered; executing it may have to change the bindings.

    ``undoes`` names the run that the plan takes back, where it does; ``kinds`` are those that it
    was made with. ``again`` are the addresses of rows that were let go and have a block again:
    their entries are of no use once the plan is executed.
    """

    plan: Plan
    remembered: Remembered
    undoes: str | None = None
    again: frozenset[Address] = frozenset()
    kinds: Mapping[str, Kind] = field(default_factory=load_kinds, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what was remembered of others: ids are computed by it when rows are made."""
        owner = self.remembered.owner
        if (owner.organization, owner.stack) != (self.plan.organization, self.plan.stack):
            raise ValueError("what is remembered is of another organization or stack than the plan")

    @property
    def bindings(self) -> Bindings:
        """The bindings that the plan was made with."""
        return self.remembered.bindings
