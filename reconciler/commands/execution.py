"""What apply and undo share: show the plan, refuse, ask, execute, report."""

import sys
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import click

from ..catalogue import Kind
from ..client.protocols import Writer
from ..diagnostics import ConsentError, PartialApplyError, UsageError
from ..execution import Report, apply
from ..execution.engine import INTERRUPTED
from ..execution.run import ChangeListener
from ..plan.consents import ADVISORY
from ..plan.model import Plan
from ..plan.shape import PlanDocument
from ..planning.approval import approve
from ..planning.consent import parse_allowed
from ..planning.planned import Planned
from ..render.out import tell
from ..render.progress.changes import ChangesProgress
from ..render.progress.events import Events
from ..render.views import show_plan
from ..support.diagnosis import metrics_so_far
from ..support.stopping import Stopper, answering


class Listening(ChangeListener, Protocol):
    """Hears a run from its first change to its report."""

    def report(self, report: Report) -> None:
        """Hear how the run ended."""


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

    def ask(self) -> None:
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


async def execute_plan(
    planned: Planned,
    client: Writer,
    kinds: Mapping[str, Kind],
    options: ApprovalOptions,
    journal_folder: Path,
) -> Report | None:
    """Show a plan, ask, and execute it; None where there is nothing to do.

    Raises what :func:`~reconciler.planning.approval.approve` raises: nothing is changed then.
    """
    approved = refusal = None
    try:
        approved = approve(
            planned,
            kinds,
            consents=options.consents,
            advisory=options.advisory,
            reviewed=options.reviewed,
        )
    except ConsentError as error:  # people see the plan that was refused
        refusal = error
    listening = _show(planned.plan, kinds, options)
    if refusal:
        raise refusal
    if approved is None or not planned.plan.changes:
        if options.events:
            listening.report(Report((), stopped=False))
        return None
    options.ask()
    with Stopper(client.drain) as stopper:
        report = await apply(
            approved, client, kinds, journal_folder, listener=listening, stop=stopper.asked
        )
    nobody_listens = suppress(OSError) if report.local_write_error else nullcontext()
    with nobody_listens:
        listening.report(report)
    if report.local_write_error:
        raise PartialApplyError(report.local_write_error, hint=f"fix that, then {options.again}")
    return report


def _show(plan: Plan, kinds: Mapping[str, Kind], options: ApprovalOptions) -> Listening:
    if options.events:
        events = Events(kinds, metrics_so_far)
        events.planned(plan)
        return events
    if options.page:
        return ChangesProgress(len(plan.changes), options.again, err=True)
    reveal = options.show_personal or sys.stdout.isatty()
    show_plan(plan, kinds, reveal=reveal)
    return ChangesProgress(len(plan.changes), options.again)
