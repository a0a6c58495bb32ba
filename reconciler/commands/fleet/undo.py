"""``reconciler fleet undo``: take a run of fleet apply back, last wave first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import click

from ...configuration.grown import kinds_of
from ...diagnostics.words import count
from ...fleet.members import Fleet, Member, Turn
from ...fleet.runs import (
    FLEET,
    FleetJournal,
    PastFleetRun,
    find_fleet_run,
    fleet_runs,
    prune_fleet_runs,
)
from ...fleet.spool import Plans
from ...fleet.tasks import Writing
from ...locking import locked_for
from ...render.out import say
from ..execution import ApprovalOptions
from ..options import (
    allow_option,
    auto_approve_option,
    gathered,
    journal_option,
    lock_option,
    past_run_options,
)
from ..pruned import prune_journals
from .options import Consents, FleetInputs, FleetWorkplace, plain_options, report_option
from .running import after_writing, run_fleet, sharing, show_ended, show_report


@dataclass(frozen=True, slots=True)
class UndoOptions:
    """Which run, and whether it is taken back at all."""

    run_name: str | None
    list_only: bool
    prune: bool
    keep: int
    auto_approve: bool
    allow: tuple[str, ...]


@click.command("undo")
@plain_options
@past_run_options
@auto_approve_option
@allow_option
@journal_option
@lock_option
@report_option
@gathered(asked=UndoOptions, workplace=FleetWorkplace)
def command(inputs: FleetInputs, asked: UndoOptions, workplace: FleetWorkplace, form: str) -> int:
    """Take back what a run of fleet apply did, last wave first: shows the reverse plans, asks.

    \b
    Examples:
      reconciler fleet undo --list
      reconciler fleet undo --run 20260701T101500123456-ab12
    """
    fleet = inputs.selection.fleet
    if asked.list_only:
        return _list(workplace.folder(fleet))
    if asked.prune:
        return _prune(inputs, asked.keep, workplace)
    options = ApprovalOptions(frozenset(), asked.auto_approve, False, events=form != "text")
    options.check_terminal()
    workplace.check(inputs.selection.scheduler)
    run = find_fleet_run(workplace.folder(fleet), asked.run_name)
    say(f"taking back fleet run {run.run}, started {run.started}", err=True)
    turns = _turns(run, fleet, inputs.selection.members)
    inputs = replace(inputs, selection=inputs.selection.only([m for t in turns for m in t.members]))
    if not inputs.selection.members:
        say("Nothing to take back: that run wrote to none of these organizations.")
        return 0
    return _take_back(inputs, run, turns, asked, options, workplace, form)


def _take_back(
    inputs: FleetInputs,
    run: PastFleetRun,
    turns: Sequence[Turn],
    asked: UndoOptions,
    options: ApprovalOptions,
    workplace: FleetWorkplace,
    form: str,
) -> int:
    fleet, runs = inputs.selection.fleet, {one.organization: one.runs for one in run.members}
    consents = Consents.given(asked.allow, fleet)

    def writing(member: Member) -> Writing:
        return Writing(
            consents.of(member),
            str(workplace.of(fleet, member)),
            workplace.lock_timeout,
            runs=runs[member.organization],
        )

    with Plans() as plans, sharing(fleet, workplace.lock_timeout):
        if not asked.auto_approve:
            task_of = inputs.task_of("undo-plan", writing)
            report = run_fleet(inputs, "undo-plan", inputs.selection.together, task_of, plans)
            show_report(report, plans.get, "text", fleet.base)
            if not any(one.changes for one in report.results):
                return report.exit_code
            options.ask()
        folder = workplace.folder(fleet) / FLEET
        with FleetJournal(folder, "undo", turns, undoes=run.run) as journal:
            task_of = inputs.task_of("undo", writing)
            report = run_fleet(inputs, "undo", turns, task_of, plans, journal)
    with after_writing(report):
        show_ended(report, form)
    return report.exit_code


def _turns(run: PastFleetRun, fleet: Fleet, chosen: Sequence[Member]) -> tuple[Turn, ...]:
    """Put the members that were written to into the waves of then, the last one first."""
    known = {one.organization: one for one in chosen}
    for one in run.members:
        if one.organization not in {member.organization for member in fleet.members}:
            say(f"{one.name} is left out: {fleet.file} does not name it any more", err=True)
    waves = groupby(run.members, lambda one: one.wave)
    turns = [
        Turn(wave, tuple(known[one.organization] for one in of if one.organization in known))
        for wave, of in waves
    ]
    return tuple(turn for turn in reversed(turns) if turn.members)


def _list(folder: Path) -> int:
    for run in fleet_runs(folder):
        end = "" if run.ended else ", cut off"
        back = f", takes {run.undoes} back" if run.undoes else ""
        wrote = count(len(run.members), "organization")
        say(f"{run.run}  {run.started}  {run.verb}: wrote to {wrote}{back}{end}")
    return 0


def _prune(inputs: FleetInputs, keep: int, workplace: FleetWorkplace) -> int:
    fleet = inputs.selection.fleet
    kinds = kinds_of([fleet.base])
    for member in inputs.selection.members:
        with locked_for(
            fleet.base,
            member.organization,
            "fleet undo --prune",
            patience=workplace.lock_timeout,
            tell=lambda text: say(text, err=True),
        ):
            prune_journals(workplace.of(fleet, member), keep, kinds)
    gone = prune_fleet_runs(workplace.folder(fleet), keep)
    say(f"removed {count(gone, 'fleet run')}", err=True)
    return 0
