"""Old journals of a fleet: those of each organization, then those of its runs."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..configuration.grown import kinds_of
from ..journal.pruning import prune
from .members import Fleet, Member
from .workplace import FleetWorkplace


def prune_members(
    fleet: Fleet,
    members: Sequence[Member],
    keep: int,
    workplace: FleetWorkplace,
    tell: Callable[[str], None],
) -> Iterator[tuple[Path, int]]:
    """Remove the journals of each member that may go; gives how many, by folder.

    Raises UsageError where another run writes there, or where they cannot be removed.
    """
    kinds = kinds_of([fleet.base])
    for member in members:
        folder = workplace.of(fleet, member)
        with workplace.locked_for(fleet, member, "fleet undo --prune", tell):
            gone = prune(folder, keep, kinds)
        yield folder, len(gone)
