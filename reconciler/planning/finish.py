"""The end of every planning, forward and back: judge the deletes, add consents, order."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..client.protocols import Reader
from ..diagnostics import Problem
from ..plan.change import Change, Levels
from ..spans import stage
from ..values.address import Address
from .consent import Protection, with_consents
from .deletes import judge_deletes
from .order import order


@dataclass(frozen=True, slots=True)
class Finished:
    """The changes in their order, all of them as they came, and what is said of deletes left out.

    ``changes`` hold those that need nothing done as well; no level does.
    """

    levels: Levels
    changes: tuple[Change, ...]
    kept: tuple[Problem, ...]


async def finish(
    client: Reader,
    kinds: Mapping[str, Kind],
    changes: Sequence[Change],
    protection: Protection,
    *,
    wished: Container[Address | None],
    owned_rows: Mapping[str, int],
) -> Finished:
    """Make the levels of a plan; raises PlanError where rows reference each other in a cycle.

    ``wished`` are the addresses whose rows somebody asked to delete; ``owned_rows`` counts the
    owned and bound live rows of each kind.
    """
    with stage("order") as ordering:
        judged, kept = await judge_deletes(client, kinds, changes, protection, wished)
        levels = order(with_consents(judged, owned_rows=owned_rows), kinds)
        ordering.count(levels=len(levels))
    return Finished(levels, judged, tuple(kept))
