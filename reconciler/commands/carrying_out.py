"""What apply and undo share: show the plan, refuse, ask, carry out, report."""

import sys
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import click

from ..apply import Report, apply
from ..bindings import check_writable
from ..catalogue import Kind
from ..client import Client
from ..diagnostics import ConsentError, PartialApplyError, UsageError
from ..journal import Journal
from ..plan import Plan, document_of
from ..plan.change import Action, Change
from ..plan.consents import ADVISORY, missing, protected
from ..render.facts import from_here
from ..render.plan_text import plan_text
from .out import say, show
from .pipeline import Planned
from .progress import Events, Listening, Progress
from .stopping import Stopper, answering

NOTHING_DONE = 1
PARTLY_APPLIED = 5
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms changes are made: what is allowed, whether to ask, what is shown and how.

    ``advisory`` are the consents that are told but not asked for, ``again`` is how to do what was
    not done; ``together`` tells what failed for one cause once, with how many.
    """

    allowed: frozenset[str]
    approved: bool
    show_personal: bool
    events: bool = False
    advisory: frozenset[str] = ADVISORY
    again: str = "apply again"
    together: bool = False

    def check_terminal(self, *others: str) -> None:
        """Raise UsageError where a question would find nobody to answer it.

        ``others`` are the options, besides the usual one, that make it needless.
        """
        if not self.approved and (self.events or not sys.stdin.isatty()):
            options = " or ".join(("--auto-approve", *others))
            raise UsageError(
                "there is no terminal to ask on", hint=f"look at the plan, then give {options}"
            )

    def ask(self) -> None:
        """Ask whether to go on, unless that was said; ends the command where not."""
        if self.approved:
            return
        with answering():
            if not click.confirm("Apply these changes?", err=True):
                say("nothing was changed", err=True)
                raise click.exceptions.Exit(1)


async def carry_out(
    planned: Planned,
    client: Client,
    kinds: Mapping[str, Kind],
    terms: Terms,
    journal_folder: Path,
    *,
    undoes: str | None = None,
) -> Report | None:
    """Show a plan, refuse what may not be, ask, and do it; None where there is nothing to do."""
    listening = _show(planned.plan, kinds, terms)
    if not planned.plan.changes:
        if terms.events:
            listening.report(Report((), stopped=False))
        return None
    _refuse(planned.plan, terms)
    if _changes_bindings(planned):
        check_writable(planned.bindings.path)
    terms.ask()
    journal = Journal(journal_folder, planned.plan, undoes=undoes)
    with Stopper(client.hurry) as stopper, journal:
        report = await apply(
            planned.plan,
            client,
            kinds,
            planned.bindings,
            journal,
            listener=listening,
            stop=stopper.asked,
        )
    with suppress(OSError) if report.trouble else nullcontext():  # maybe nobody listens any more
        listening.report(report)
    if report.trouble:
        raise PartialApplyError(report.trouble, hint=f"mend that, then {terms.again}")
    return report


def _changes_bindings(planned: Planned) -> bool:
    bound = planned.bindings.entries
    return any(
        change.binding
        or (change.action in {Action.DELETE, Action.RELEASE} and change.address in bound)
        for change in planned.plan.changes
    )


def finish(report: Report | None) -> int:
    """Turn a report into an exit code."""
    if report is None:
        return 0
    if report.stopped:
        return INTERRUPTED
    if report.in_vain:
        return NOTHING_DONE
    return 0 if report.complete else PARTLY_APPLIED


def _show(plan: Plan, kinds: Mapping[str, Kind], terms: Terms) -> Listening:
    if terms.events:
        events = Events(kinds)
        events.planned(plan)
        return events
    reveal = terms.show_personal or sys.stdout.isatty()
    show(plan_text(from_here(document_of(plan, kinds, reveal=reveal), plan.folder)))
    return Progress(len(plan.changes), terms.again, together=terms.together)


def _refuse(plan: Plan, terms: Terms) -> None:
    """Refuse what is protected or lacks a consent, before anything is written."""
    forbidden = protected(plan.changes, plan.protect)
    if forbidden:
        names = ", ".join(map(_with_taken, forbidden))
        raise ConsentError(
            f"protected, and never deleted: {names}; nothing was changed",
            hint="keep the blocks, without $absent, or take them out of reconciler: protect:",
        )
    needs = missing(plan.changes, terms.allowed, advisory=terms.advisory)
    if needs:
        flag = ",".join(need.name for need in needs)
        about = "; ".join(f"{need.name}: {need.meaning}" for need in needs)
        raise ConsentError(
            f"the plan needs consent ({about}); nothing was changed", hint=f"add --allow {flag}"
        )


def _with_taken(change: Change) -> str:
    taken = ", ".join(sorted(f"{kind}[{row_id}]" for kind, row_id in change.takes))
    return f"{change.name} (with {taken})" if taken else change.name
