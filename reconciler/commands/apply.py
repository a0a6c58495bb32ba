"""``reconciler apply``: carry out a plan."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from ..apply import Report, apply
from ..bindings import check_writable
from ..client import Client
from ..consent import missing, parse_allowed, protected
from ..errors import ConsentError, UsageError
from ..kind import Kind, load_kinds
from ..plan import Plan
from ..render.plan_text import plan_text
from ..render.report_text import report_text
from .options import (
    connection_options,
    paths_argument,
    read_connection,
    read_variables,
    variable_options,
)
from .pipeline import Planned, make_plan
from .progress import Progress
from .reading import read_or_explain
from .stopping import Stopper

PARTLY_APPLIED = 5
INTERRUPTED = 130


@click.command("apply")
@paths_argument
@variable_options
@connection_options
@click.option("--auto-approve", is_flag=True, help="Do not ask; needed where there is no terminal.")
@click.option(
    "--allow",
    "allow",
    multiple=True,
    metavar="NAME,...",
    help="Give consents that the plan says it needs. Repeatable.",
)
@click.option("--show-personal-data", is_flag=True, help="Show personal values in the plan.")
def command(
    paths: tuple[Path, ...],
    var_texts: tuple[str, ...],
    var_files: tuple[Path, ...],
    api_url: str | None,
    api_key_file: Path | None,
    auto_approve: bool,
    allow: tuple[str, ...],
    show_personal_data: bool,
) -> int:
    """Make the live organisation as the YAML at PATH says: shows the plan, asks, carries it out.

    \b
    Examples:
      reconciler apply villa/
      reconciler apply villa/ --auto-approve --allow billing-create
    """
    kinds = load_kinds()
    allowed = parse_allowed(allow)
    connection = read_connection(api_url, api_key_file)
    desired = read_or_explain(paths, read_variables(var_texts, var_files), kinds)
    asks = not auto_approve
    if asks and not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to ask on", hint="look at the plan, then --auto-approve"
        )

    async def run() -> Report | None:
        async with Client(connection) as client:
            planned = await make_plan(desired.configuration, client, kinds)
            personal = show_personal_data or sys.stdout.isatty()
            click.echo(plan_text(planned.plan, kinds, show_personal=personal), nl=False)
            if not planned.plan.changes:
                return None
            _refuse(planned.plan, allowed)
            _check_bindings(planned)
            if asks and not click.confirm("Apply these changes?", err=True):
                raise click.exceptions.Exit(1)
            return await _carry_out(planned, client, kinds)

    report = asyncio.run(run())
    if report is None:
        return 0
    click.echo(report_text(report), nl=False)
    if report.stopped:
        return INTERRUPTED
    return 0 if report.complete else PARTLY_APPLIED


async def _carry_out(planned: Planned, client: Client, kinds: Mapping[str, Kind]) -> Report:
    progress = Progress(len(planned.plan.changes))
    with Stopper() as stopper:
        return await apply(
            planned.plan,
            client,
            kinds,
            planned.bindings,
            listener=progress.tell,
            stop=stopper.asked,
        )


def _refuse(plan: Plan, allowed: frozenset[str]) -> None:
    """Refuse what is protected or lacks a consent, before anything is written."""
    forbidden = protected(plan.changes, plan.protect)
    if forbidden:
        names = ", ".join(change.name for change in forbidden)
        raise ConsentError(
            f"protected, and never deleted: {names}; nothing was changed",
            hint="put the blocks back, or take them out of reconciler: protect:",
        )
    needs = missing(plan.changes, allowed)
    if needs:
        flag = ",".join(need.name for need in needs)
        about = "; ".join(f"{need.name}: {need.meaning}" for need in needs)
        raise ConsentError(
            f"the plan needs consent ({about}); nothing was changed", hint=f"add --allow {flag}"
        )


def _check_bindings(planned: Planned) -> None:
    if any(change.binding for change in planned.plan.changes):
        check_writable(planned.bindings.path)
