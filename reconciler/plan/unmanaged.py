"""Live rows that are in no YAML: part of no digest, since nothing is planned for them."""

from dataclasses import dataclass, field

from ..values.sent import Row

MOST_NAMED = 5
"""How many rows of a kind are named."""


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """The rows of one kind that no YAML means: how many, and the ``first`` of them.

    ``of_others`` counts the rows that other stacks made: those are in YAML elsewhere.
    """

    kind: str
    rows: int
    of_others: int = 0
    first: tuple[Row, ...] = field(default=(), repr=False)
