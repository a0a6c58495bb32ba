"""``reconciler undo``: take a past run back."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind
from ..client.client import ApiClient
from ..configuration.grown import kinds_of
from ..diagnostics import UsageError
from ..execution.people import execute_plan
from ..journal.pruning import prune as remove_journals
from ..journal.read import past_runs, read_run
from ..planning.undo import find_run, fleet_wrote_since, plan_undo
from ..render.out import say, tell
from ..render.progress.reading import ReadingProgress
from ..render.runs import nothing_left_lines, pruned_line, run_line
from .execution import ApprovalOptions
from .inputs import Access, Workplace
from .options import (
    allow_option,
    auto_approve_option,
    connection_options,
    gathered,
    journal_option,
    lock_option,
    parallelism_option,
    past_run_options,
    personal_option,
    policies_option,
)
from .policing import policing_of
from .reading import read_loosely
from .types import PathType


@click.command("undo")
@click.argument("path", type=PathType())
@connection_options
@past_run_options
@auto_approve_option
@allow_option
@policies_option
@journal_option
@lock_option
@parallelism_option
@personal_option
@gathered(access=Access, approval=ApprovalOptions.given, workplace=Workplace)
def command(
    path: Path,
    access: Access,
    run_name: str | None,
    list_only: bool,
    prune: bool,
    keep: int,
    approval: ApprovalOptions,
    policies: tuple[Path, ...],
    workplace: Workplace,
    parallelism: int,
) -> int:
    """Take back what a run of apply did in the folder at PATH: shows the reverse plan, asks.

    Rows that were changed since stay as they are, and are named. Mails that were sent, rows that
    went with others, and ids that the server chooses cannot be taken back.

    \b
    Examples:
      reconciler undo villa/ --list
      reconciler undo villa/ --run 20260701T101500123456-ab12
    """
    kinds = kinds_of([path])
    configuration = read_loosely([path], kinds, {})
    folder = workplace.journal_of(configuration.folder)
    if list_only:
        _list(folder, kinds)
        return 0
    if prune:
        with workplace.locked(configuration.folder):
            tell(pruned_line(len(remove_journals(folder, keep, kinds)), folder))
        return 0
    policing = policing_of(configuration, policies, kinds)
    connection = access.connection(kinds)
    with workplace.locked(configuration.folder):
        run = find_run(folder, run_name, kinds)
        options = replace(approval, again=f"undo with --run {run.run}")
        options.check_terminal()
        tell(f"taking back run {run.run}, started {run.started}")
        if later := fleet_wrote_since(run, folder):
            tell(f"note: a fleet wrote to the organization since: its runs are in {later}")

        async def take_back() -> int:
            reading = ReadingProgress()
            async with ApiClient(connection.heard_by(reading), parallelism=parallelism) as client:
                with reading:
                    planned = await plan_undo(run, folder, configuration, client, kinds)
                planned = await asyncio.to_thread(policing.judged_back, planned, configuration)
                if not planned.plan.changes:
                    say(*nothing_left_lines(planned.plan))
                    return 0
                report = await execute_plan(planned, client, kinds, options, folder)
                return report.exit_code if report else 0

        return awaited(take_back())


def _list(folder: Path, kinds: Mapping[str, Kind]) -> None:
    for path in past_runs(folder):
        try:
            say(run_line(read_run(path, kinds), kinds))
        except UsageError as error:  # one that is spoilt must not hide the others
            tell(error.message)
