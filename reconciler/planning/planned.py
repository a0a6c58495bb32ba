"""What planning gives: the plan, and the bindings that it was made with."""

from dataclasses import dataclass

from ..bindings import Bindings
from ..plan.model import Plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the bindings that executing it may have to change.

    ``undoes`` names the run that the plan takes back, where it does.
    """

    plan: Plan
    bindings: Bindings
    undoes: str | None = None
