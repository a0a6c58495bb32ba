"""What planning gives: the plan, and the bindings that it was made with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..bindings import Bindings
from ..catalogue import Kind, load_kinds
from ..plan.model import Plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the bindings that executing it may have to change.

    ``undoes`` names the run that the plan takes back, where it does; ``kinds`` are those that it
    was made with.
    """

    plan: Plan
    bindings: Bindings
    undoes: str | None = None
    kinds: Mapping[str, Kind] = field(default_factory=load_kinds, repr=False, compare=False)
