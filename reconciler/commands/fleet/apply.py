"""``reconciler fleet apply``: execute one plan for all, wave by wave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ...diagnostics import UsageError
from ...fleet.members import Member
from ...fleet.planfile import (
    FleetPlan,
    PartDocument,
    digest_of_parts,
    part_of,
    read_fleet_plan,
    unplanned,
)
from ...fleet.results import INTERRUPTED, Result
from ...fleet.runs import FLEET, FleetJournal, prune_fleet_runs
from ...fleet.spool import Plans
from ...fleet.tasks import Writing
from ...plan.shape import PlanDocument
from ...render.out import say
from ..execution import ApprovalOptions
from ..options import (
    allow_option,
    auto_approve_option,
    gathered,
    journal_option,
    lock_option,
)
from ..types import PathType
from .letting_go import drop_where_all_manage
from .options import Consents, FleetInputs, FleetWorkplace, fleet_options, report_option
from .running import after_writing, run_fleet, sharing, show_ended, show_report


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
    consents = Consents.given(approval.allow, fleet)
    with Plans() as plans:
        inputs, reviewed, left = _reviewed(inputs, approval, form, plans)
        base = Writing(lock_timeout=workplace.lock_timeout, keep=keep)

        def writing(member: Member) -> Writing:
            return replace(
                base,
                consents=consents.of(member),
                journal=str(workplace.of(fleet, member)),
                reviewed=reviewed(member.name) if reviewed else None,
            )

        turns = inputs.selection.turns
        folder = workplace.folder(fleet) / FLEET
        with (
            sharing(fleet, workplace.lock_timeout),
            FleetJournal(folder, "apply", turns) as journal,
        ):
            task_of = inputs.task_of("apply", writing)
            report = run_fleet(inputs, "apply", turns, task_of, plans, journal, left)
    with after_writing(report):
        show_ended(report, form)
        drop_where_all_manage(inputs, report, workplace.lock_timeout)
        if keep:
            prune_fleet_runs(workplace.folder(fleet), keep)
    return report.exit_code


Reviewed = Callable[[str], PlanDocument | None]


def _reviewed(
    inputs: FleetInputs, approval: Approval, form: str, plans: Plans
) -> tuple[FleetInputs, Reviewed | None, list[Result]]:
    """Give the members that are executed, and the plan of each that people looked at, if any.

    The results are those of members that could not be planned.
    """
    if approval.plan_file:
        plan = read_fleet_plan(approval.plan_file, plans.put)
        return _of_plan(inputs, replace(plan, plan_of=plans.get), approval.plan_file)
    options = ApprovalOptions(frozenset(), approval.auto_approve, False, events=form != "text")
    options.check_terminal("--plan FILE")
    if approval.auto_approve:
        return inputs, None, []
    report = run_fleet(inputs, "plan", inputs.selection.together, inputs.task_of("plan"), plans)
    parts = {one.name: part_of(one) for one in report.results}
    digest = digest_of_parts(parts.values())
    show_report(report, plans.get, "text", inputs.selection.fleet.base, digest=digest)
    if report.exit_code == INTERRUPTED or not any(one.changes for one in report.results):
        raise click.exceptions.Exit(report.exit_code)
    options.ask()
    inputs, left = _planned(inputs, parts)
    return inputs, plans.get, left


def _of_plan(
    inputs: FleetInputs, plan: FleetPlan, file: Path
) -> tuple[FleetInputs, Reviewed, list[Result]]:
    """Take what a plan has; raises UsageError for a plan of another fleet."""
    fleet, chosen = inputs.selection.fleet, inputs.selection.members
    known = {one.name: one.organization for one in fleet.members}
    for name, part in plan.parts.items():
        if known.get(name) != part["organization"]:
            raise UsageError(
                f"{file} plans {name} as organization {part['organization']}, and {fleet.file}"
                " does not name it so; nothing was changed",
                hint="plan again, and review that",
            )
    for member in chosen:
        if member.name not in plan.parts:
            say(f"{member.name} is left out: {file} has no part of it", err=True)
    inputs, left = _planned(inputs, plan.parts)
    if not (inputs.selection.members or left):
        raise UsageError(f"{file} has a plan of none of them", hint="look at --select and --part")
    return inputs, plan.plan_of, left


def _planned(
    inputs: FleetInputs, parts: Mapping[str, PartDocument]
) -> tuple[FleetInputs, list[Result]]:
    """Leave out what has no plan; gives the results of what should have one."""
    members = [one for one in inputs.selection.members if one.name in parts]
    planned = [one for one in members if parts[one.name]["digest"] is not None]
    left = [unplanned(parts[one.name]) for one in members if one not in planned]
    return replace(inputs, selection=inputs.selection.only(planned)), left
