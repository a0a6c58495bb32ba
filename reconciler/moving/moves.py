"""What moves in files, and which of them change for it; nothing of it is written yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..staging import Changes
from ..values.address import Address
from .across import dependents_of, move_across
from .forget import forget
from .handing import hand_over
from .rename import rename
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Moves:
    """What every address became, which files change, and what the reader should know."""

    changes: Mapping[Path, Changes]
    became: Mapping[Address, Address] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def renamed(space: Workspace, pairs: Mapping[Address, Address]) -> Moves:
    """Give resources other keys; raises ConfigurationError with every problem."""
    became = rename(space, pairs)
    return Moves(space.changes(), became)


def moved(
    here: Workspace, there: Workspace, addresses: Sequence[Address], *, with_dependents: bool
) -> Moves:
    """Move blocks to another folder, if asked with what refers to them.

    Raises ConfigurationError with every problem.
    """
    wanted = dependents_of(here, addresses) if with_dependents else addresses
    became = move_across(here, there, wanted)
    notes = tuple(hand_over(here, there, became))
    return Moves({**here.changes(), **there.changes()}, became.moved, notes)


def forgotten(space: Workspace, addresses: Sequence[Address]) -> Moves:
    """Take blocks out, and leave their rows; raises ConfigurationError with every problem."""
    forget(space, addresses)
    return Moves(space.changes())
