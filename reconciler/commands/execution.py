"""What options say of the approval of a plan, and how people are shown it and asked."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import click

from ..catalogue import Kind
from ..diagnostics import UsageError
from ..execution.engine import INTERRUPTED
from ..execution.people import Listening
from ..plan.consents import ADVISORY
from ..plan.model import Plan
from ..plan.shape import PlanDocument
from ..planning.consent import parse_allowed
from ..render.out import tell
from ..render.progress.changes import ChangesProgress
from ..render.progress.events import Events
from ..render.views import show_plan
from ..support.diagnosis import metrics_so_far
from ..support.stopping import Stopper, answering


@dataclass(frozen=True, slots=True)
class ApprovalOptions:
    """What a plan is approved on: which consents, whether to ask, what is shown and how.

    ``reviewed`` is a plan that people looked at; ``advisory`` are the consents that are told but
    not asked for; ``again`` is how to do what was not done; ``page`` leaves stdout to a page, which
    shows the plan, too.
    """

    consents: frozenset[str]
    approved: bool
    show_personal: bool
    reviewed: PlanDocument | None = None
    events: bool = False
    advisory: frozenset[str] = ADVISORY
    again: str = "apply again"
    page: bool = False

    @classmethod
    def given(
        cls,
        allow: tuple[str, ...],
        auto_approve: bool = False,
        show_personal_data: bool = False,
    ) -> Self:
        """Take what was given on the command line; raises UsageError."""
        return cls(parse_allowed(allow), auto_approve, show_personal_data)

    def check_terminal(self, *others: str) -> None:
        """Raise UsageError where a question would find nobody to answer it.

        ``others`` are the options, besides the usual one, that make it needless.
        """
        if not self.approved and (self.events or self.page or not sys.stdin.isatty()):
            options = " or ".join(("--auto-approve", *others))
            raise UsageError(
                "there is no terminal to ask on", hint=f"look at the plan, then give {options}"
            )

    def agree(self) -> None:
        """Ask whether to go on, unless that was said; ends the command where not."""
        if self.approved:
            return
        with answering():
            try:
                agreed = click.confirm("Apply these changes?", err=True)
            except click.Abort:  # a signal, or the end of the input
                tell("", "interrupted; nothing was changed")
                raise click.exceptions.Exit(INTERRUPTED) from None
        if not agreed:
            tell("nothing was changed")
            raise click.exceptions.Exit(1)

    def see(self, plan: Plan, kinds: Mapping[str, Kind]) -> Listening:
        """Show a plan; gives what tells how the run goes."""
        if self.events:
            events = Events(kinds, metrics_so_far)
            events.planned(plan)
            return events
        if not self.page:
            show_plan(plan, kinds, reveal=self.show_personal or sys.stdout.isatty())
        return ChangesProgress(len(plan.changes), self.again, err=self.page)

    def stopping(self, drain: Callable[[], None]) -> Stopper:
        """Listen for signals while changes are made."""
        return Stopper(drain)
