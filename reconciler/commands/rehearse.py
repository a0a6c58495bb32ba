"""``reconciler rehearse``: execute a plan where it cannot hurt."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from ..api.waiting import awaited
from ..client.client import ApiClient
from ..client.connection import Connection
from ..diagnostics import ConsentError
from ..diagnostics.words import count
from ..execution.people import execute_plan
from ..local_sandbox import check_installed
from ..planning.folder import plan_folder
from ..policies.policing import Policing
from ..rehearsal.copy import Copy, copy_rows, serving
from ..rehearsal.result import Rehearsed
from ..render.out import tell
from ..render.rehearsed import show_rehearsal_page, show_rehearsed
from .execution import ApprovalOptions
from .inputs import PlanInputs, plan_inputs
from .options import allow_option, gathered, page_option, personal_option
from .reading import explaining


@click.command("rehearse")
@plan_inputs
@allow_option
@personal_option
@page_option("html: one page on stdout, with what failed and why; never with personal data.")
@gathered(approval=ApprovalOptions.given)
def command(inputs: PlanInputs, approval: ApprovalOptions, form: str) -> int:
    """Apply the YAML at PATH to a copy of the live organization, in a sandbox on this machine.

    What the plan touches or refers to is copied (the live organization is only read); the plan is
    judged by the policies, then executed there with all the rules of a real PostgreSQL, and a
    second plan must find nothing. Exits as apply would.

    \b
    Examples:
      reconciler rehearse villa/ --allow billing-create
      reconciler rehearse villa/ --allow billing-create --format html > tried.html
    """
    check_installed("a rehearsal")
    kinds = inputs.kinds
    options = replace(approval, approved=True, page=form == "html")
    desired = inputs.desired()
    policing = inputs.policing(desired)

    with tempfile.TemporaryDirectory(prefix="reconciler-rehearsal-") as name:
        with explaining(desired, kinds):
            copy = awaited(
                copy_rows(
                    desired.configuration, inputs.connection, kinds, Path(name),
                    parallelism=inputs.parallelism,
                )
            )  # fmt: skip
        tell(f"Copied {count(copy.rows, 'row')} of the live organization into a sandbox.")
        with serving(copy) as there:
            there = replace(there, listener=inputs.connection.listener)
            return awaited(_rehearse(copy, there, policing, options))


async def _rehearse(
    copy: Copy, connection: Connection, policing: Policing, options: ApprovalOptions
) -> int:
    kinds = copy.configuration.kinds
    async with ApiClient(connection) as client:
        planned = await plan_folder(copy.configuration, client, kinds)
        planned = await asyncio.to_thread(policing.judged, planned, copy.configuration)
        found = Rehearsed(planned.plan, copy.rows)
        try:
            report = await execute_plan(planned, client, kinds, options, copy.folder / "journal")
        except ConsentError as error:
            refused = "; ".join(filter(None, (error.message, error.hint)))
            if options.page:
                show_rehearsal_page(replace(found, refused=refused), kinds)
            raise
        found = replace(found, report=report)
        if not (report and report.exit_code):
            again = (await plan_folder(copy.configuration, client, kinds)).plan
            found = replace(found, again=again)
    show_rehearsed(found, kinds, page=options.page)
    return found.exit_code
