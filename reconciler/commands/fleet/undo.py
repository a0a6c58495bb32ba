"""``reconciler fleet undo``: take a run of fleet apply back, last wave first."""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from ...diagnostics.words import count
from ...fleet.consents import Consents
from ...fleet.inputs import FleetInputs
from ...fleet.members import Turn
from ...fleet.pruning import prune_members
from ...fleet.results import after_writing
from ...fleet.runs import (
    PastFleetRun,
    find_fleet_run,
    fleet_runs,
    prune_fleet_runs,
    turns_back,
)
from ...fleet.spool import Plans
from ...fleet.workplace import FleetWorkplace
from ...render.fleet.runs import fleet_run_line
from ...render.fleet.views import show_ended, show_report
from ...render.out import say, tell
from ...render.runs import pruned_line
from ..execution import ApprovalOptions
from ..options import (
    allow_option,
    auto_approve_option,
    gathered,
    journal_option,
    lock_option,
    past_run_options,
)
from .options import plain_options, report_option
from .running import run_fleet


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
    folder = workplace.folder(fleet)
    if asked.list_only:
        say(*map(fleet_run_line, fleet_runs(folder)))
        return 0
    if asked.prune:
        _prune(inputs, asked.keep, workplace)
        return 0
    options = ApprovalOptions(frozenset(), asked.auto_approve, False, events=form != "text")
    options.check_terminal()
    workplace.check(inputs.selection.scheduler)
    run = find_fleet_run(folder, asked.run_name)
    tell(f"taking back fleet run {run.run}, started {run.started}")
    turns = turns_back(run, fleet, inputs.selection.members, tell)
    if not turns:
        say("Nothing to take back: that run wrote to none of these organizations.")
        return 0
    inputs = inputs.only([member for turn in turns for member in turn.members])
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
    fleet = inputs.selection.fleet
    writing = run.writing(workplace.writing(fleet, Consents.given(asked.allow, fleet)))
    with Plans() as plans, workplace.sharing(fleet, tell):
        if not asked.auto_approve:
            task_of = inputs.task_of("undo-plan", writing)
            report = run_fleet(inputs, "undo-plan", inputs.selection.together, task_of, plans)
            show_report(report, plans.get, "text", fleet.base)
            if not report.changes:
                return report.exit_code
            options.agree()
        with workplace.fleet_journal(fleet, "undo", turns, undoes=run.run) as journal:
            task_of = inputs.task_of("undo", writing)
            report = run_fleet(inputs, "undo", turns, task_of, plans, journal)
    with after_writing(report):
        show_ended(report, form)
    return report.exit_code


def _prune(inputs: FleetInputs, keep: int, workplace: FleetWorkplace) -> None:
    fleet, members = inputs.selection.fleet, inputs.selection.members
    for folder, gone in prune_members(fleet, members, keep, workplace, tell):
        tell(pruned_line(gone, folder))
    gone = prune_fleet_runs(workplace.folder(fleet), keep)
    tell(f"removed {count(gone, 'fleet run')}")
