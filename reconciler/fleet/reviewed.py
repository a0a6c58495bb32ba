"""Which members of a fleet are executed by a plan that people looked at, and which are not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..diagnostics import UsageError
from ..plan.shape import PlanDocument
from .inputs import Selection
from .members import Member
from .planfile import FleetPlan, PartDocument, unplanned
from .results import Result
from .tasks import WritingOf

PlanOf = Callable[[str], PlanDocument | None]


def _no_plan(name: str) -> None:
    """Nobody looked at plans."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The members that are executed, each by the plan that people looked at, if they did.

    ``left`` are the results of members that should have a plan, and could not be planned.
    """

    members: tuple[Member, ...]
    plan_of: PlanOf = _no_plan
    left: tuple[Result, ...] = ()

    def writing(self, base: WritingOf, keep: int | None) -> WritingOf:
        """Say by which plan each member is written to, and how many of its journals stay."""
        return lambda member: replace(base(member), keep=keep, reviewed=self.plan_of(member.name))


def with_plans(
    chosen: Sequence[Member], parts: Mapping[str, PartDocument], plan_of: PlanOf
) -> Reviewed:
    """Leave out what has no plan."""
    members = [one for one in chosen if one.name in parts]
    planned = tuple(one for one in members if parts[one.name]["digest"] is not None)
    left = tuple(unplanned(parts[one.name]) for one in members if one not in planned)
    return Reviewed(planned, plan_of, left)


def reviewed_in(
    file: Path, plan: FleetPlan, selection: Selection, tell: Callable[[str], None]
) -> Reviewed:
    """Take what a saved plan has of the members that are chosen; ``tell`` hears what it has not.

    Raises UsageError for a plan of another fleet, or of none of them.
    """
    fleet = selection.fleet
    known = {one.name: one.organization for one in fleet.members}
    for name, part in plan.parts.items():
        if known.get(name) != part["organization"]:
            raise UsageError(
                f"{file} plans {name} as organization {part['organization']}, and {fleet.file}"
                " does not name it so; nothing was changed",
                hint="plan again, and review that",
            )
    for member in selection.members:
        if member.name not in plan.parts:
            tell(f"{member.name} is left out: {file} has no part of it")
    found = with_plans(selection.members, plan.parts, plan.plan_of)
    if not (found.members or found.left):
        raise UsageError(f"{file} has a plan of none of them", hint="look at --select and --part")
    return found
