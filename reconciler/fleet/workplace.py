"""Where a run of a fleet writes on this machine, and how long it waits for others that do."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from ..configuration.load.files import absolute
from ..diagnostics import UsageError
from ..journal.records import DEFAULT_FOLDER
from ..locking import beside, locked_for
from .cluster import Scheduler
from .consents import Consents
from .members import Fleet, Member, Turn
from .runs import FLEET, FleetJournal
from .tasks import Writing, WritingOf


@dataclass(frozen=True, slots=True)
class FleetWorkplace:
    """Where a run of a fleet writes on this machine."""

    lock_timeout: float
    journal: Path | None = None

    def folder(self, fleet: Fleet) -> Path:
        """The folder of all journals."""
        return absolute(self.journal) if self.journal else fleet.base / DEFAULT_FOLDER

    def of(self, fleet: Fleet, member: Member) -> Path:
        """The folder of the journals of one organization."""
        return self.folder(fleet) / member.organization

    def fleet_journal(
        self, fleet: Fleet, verb: str, turns: Sequence[Turn], *, undoes: str | None = None
    ) -> FleetJournal:
        """Begin to write down a run of the fleet; raises UsageError."""
        return FleetJournal(self.folder(fleet) / FLEET, verb, turns, undoes=undoes)

    def writing(self, fleet: Fleet, consents: Consents) -> WritingOf:
        """Give what says where a member's run writes, and on which consents."""
        return lambda member: Writing(
            consents.of(member), str(self.of(fleet, member)), self.lock_timeout
        )

    def check(self, scheduler: Scheduler | None) -> None:
        """Insist on storage that workers of other machines share; raises UsageError."""
        if scheduler and scheduler.is_elsewhere and self.journal is None:
            raise UsageError(
                "workers of other machines write only where all share storage for journals",
                hint="give --journal DIR on it; without it --scheduler is for validate, plan,"
                " drift and doctor",
            )

    def sharing(self, fleet: Fleet, tell: Callable[[str], None]) -> AbstractContextManager[None]:
        """Keep runs out that have the whole base, from the first organization to the last."""
        return beside(fleet.base, patience=self.lock_timeout, tell=tell)

    def locked_for(
        self, fleet: Fleet, member: Member, command: str, tell: Callable[[str], None]
    ) -> AbstractContextManager[None]:
        """Let no other run write to one organization from the base; raises UsageError."""
        organization, patience = member.organization, self.lock_timeout
        return locked_for(fleet.base, organization, command, patience=patience, tell=tell)
