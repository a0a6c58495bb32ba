"""Execute a plan in front of people: they see it, also one that is refused, and are asked."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Protocol

from ..catalogue import Kind
from ..client.protocols import Writer
from ..diagnostics import ConsentError, PartialApplyError
from ..plan.model import Plan
from ..plan.shape import PlanDocument
from ..planning.approval import approve
from ..planning.planned import Planned
from .engine import Report, apply
from .run import ChangeListener


class Listening(ChangeListener, Protocol):
    """Hears a run from its first change to its report."""

    def nothing(self) -> None:
        """Hear that there is nothing to do."""

    def report(self, report: Report) -> None:
        """Hear how the run ended."""


class Stopping(Protocol):
    """Knows whether somebody wants a run to end."""

    def asked(self) -> bool:
        """Tell whether the run should end."""


class People(Protocol):
    """Who approves a plan, and on what."""

    @property
    def consents(self) -> frozenset[str]:
        """The consents that they gave."""

    @property
    def advisory(self) -> frozenset[str]:
        """The consents that are told, and not asked for."""

    @property
    def reviewed(self) -> PlanDocument | None:
        """The plan that they looked at before, if they did."""

    @property
    def again(self) -> str:
        """How to do what was not done."""

    def see(self, plan: Plan, kinds: Mapping[str, Kind]) -> Listening:
        """See a plan; gives who hears of the run."""

    def agree(self) -> None:
        """Agree to what was seen; where not, raises what ends the run."""

    def stopping(self, drain: Callable[[], None]) -> AbstractContextManager[Stopping]:
        """Listen for a stop while changes are made; ``drain`` is called at the first."""


async def execute_plan(
    planned: Planned,
    client: Writer,
    kinds: Mapping[str, Kind],
    people: People,
    journal_folder: Path,
) -> Report | None:
    """Show a plan, ask, and execute it; None where there is nothing to do.

    Raises what :func:`~reconciler.planning.approval.approve` raises: nothing is changed then. Where
    something could not be written on this machine it raises PartialApplyError, once all is told.
    """
    approved = refusal = None
    try:
        approved = approve(
            planned,
            kinds,
            consents=people.consents,
            advisory=people.advisory,
            reviewed=people.reviewed,
        )
    except ConsentError as error:  # people see the plan that was refused
        refusal = error
    listening = people.see(planned.plan, kinds)
    if refusal:
        raise refusal
    if approved is None or not planned.plan.changes:
        listening.nothing()
        return None
    people.agree()
    with people.stopping(client.drain) as stopping:
        report = await apply(
            approved, client, kinds, journal_folder, listener=listening, stop=stopping.asked
        )
    nobody_listens = suppress(OSError) if report.local_write_error else nullcontext()
    with nobody_listens:
        listening.report(report)
    if report.local_write_error:
        raise PartialApplyError(report.local_write_error, hint=f"fix that, then {people.again}")
    return report
