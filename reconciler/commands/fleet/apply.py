"""``reconciler fleet apply``: execute one plan for all, wave by wave."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ...fleet.consents import Consents
from ...fleet.inputs import FleetInputs
from ...fleet.letting_go import drop_where_all_manage
from ...fleet.planfile import digest_of_parts, parts_of, read_fleet_plan
from ...fleet.results import INTERRUPTED, after_writing
from ...fleet.reviewed import Reviewed, reviewed_in, with_plans
from ...fleet.runs import prune_fleet_runs
from ...fleet.spool import Plans
from ...fleet.workplace import FleetWorkplace
from ...render.fleet.views import show_ended, show_report
from ...render.out import tell
from ..execution import ApprovalOptions
from ..options import (
    allow_option,
    auto_approve_option,
    gathered,
    journal_option,
    lock_option,
)
from ..types import PathType
from .options import fleet_options, report_option
from .running import look_at_fleet, run_fleet


@dataclass(frozen=True, slots=True)
class Approval:
    """What the plan is approved on: a reviewed one, or an answer."""

    allow: tuple[str, ...]
    auto_approve: bool
    plan_file: Path | None


@click.command("apply")
@fleet_options
@click.option(
    "--plan",
    "plan_file",
    type=PathType(),
    help="Execute this reviewed plan; of an organization where it is no longer true, nothing.",
)
@auto_approve_option
@allow_option
@journal_option
@lock_option
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Afterwards remove old journals of each organization, but for the last N.",
)
@report_option
@gathered(approval=Approval, workplace=FleetWorkplace)
def command(
    inputs: FleetInputs,
    approval: Approval,
    workplace: FleetWorkplace,
    keep: int | None,
    form: str,
) -> int:
    """Make all organizations as the YAML says, wave by wave: shows the plan, asks, executes it.

    After each organization the plan is made again: it has to be empty. When as many have gone
    wrong as `stop_after` says, no further organization begins. Started again, it goes on.

    `--allow NAME` is for all, `--allow amalfi:NAME` for one organization.

    \b
    Examples:
      reconciler fleet apply
      reconciler fleet apply --plan reviewed.json
      reconciler fleet apply --auto-approve --wave canary --allow amalfi:deletes
    """
    fleet = inputs.selection.fleet
    workplace.check(inputs.selection.scheduler)
    writing = workplace.writing(fleet, Consents.given(approval.allow, fleet))
    with Plans() as plans:
        reviewed = _reviewed(inputs, approval, form, plans)
        inputs = inputs.only(reviewed.members)
        turns = inputs.selection.turns
        task_of = inputs.task_of("apply", reviewed.writing(writing, keep))
        with (
            workplace.sharing(fleet, tell),
            workplace.fleet_journal(fleet, "apply", turns) as journal,
        ):
            report = run_fleet(inputs, "apply", turns, task_of, plans, journal, reviewed.left)
    with after_writing(report):
        show_ended(report, form)
        patience = workplace.lock_timeout
        drop_where_all_manage(inputs, report, os.environ, patience=patience, tell=tell)
        if keep:
            prune_fleet_runs(workplace.folder(fleet), keep)
    return report.exit_code


def _reviewed(inputs: FleetInputs, approval: Approval, form: str, plans: Plans) -> Reviewed:
    """Take the plan that people looked at, or show one and ask; ends the command where not."""
    if approval.plan_file:
        plan = replace(read_fleet_plan(approval.plan_file, plans.put), plan_of=plans.get)
        return reviewed_in(approval.plan_file, plan, inputs.selection, tell)
    options = ApprovalOptions(frozenset(), approval.auto_approve, False, events=form != "text")
    options.check_terminal("--plan FILE")
    if approval.auto_approve:
        return Reviewed(inputs.selection.members)
    report = look_at_fleet(inputs, "plan", plans)
    parts = parts_of(report)
    digest = digest_of_parts(parts.values())
    show_report(report, plans.get, "text", inputs.selection.fleet.base, digest=digest)
    if report.exit_code == INTERRUPTED or not report.changes:
        raise click.exceptions.Exit(report.exit_code)
    options.agree()
    return with_plans(inputs.selection.members, parts, plans.get)
