"""``reconciler rehearse``: carry a plan out where it cannot hurt."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import Kind
from ..client.client import ApiClient
from ..client.connection import Connection
from ..diagnostics import ConsentError
from ..diagnostics.words import count
from ..local_sandbox import check_installed
from ..planning.folder import plan_folder
from ..rehearsal.copy import Copy, copy_rows, serving
from ..rehearsal.result import Rehearsed
from ..render.out import hand_over, say
from ..render.views import show_plan
from .execution import ApprovalOptions, execute_plan, finish
from .inputs import PlanInputs, plan_inputs
from .options import allow_option, gathered, page_option, personal_option
from .policing import Policing
from .reading import explaining

NOT_EMPTY = 5


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
    policing = inputs.policing(desired, kinds)

    with tempfile.TemporaryDirectory(prefix="reconciler-rehearsal-") as name:
        with explaining(desired, kinds):
            copy = awaited(
                copy_rows(
                    desired.configuration, inputs.connection, kinds, Path(name),
                    parallelism=inputs.parallelism,
                )
            )  # fmt: skip
        say(f"Copied {count(copy.rows, 'row')} of the live organization into a sandbox.", err=True)
        with serving(copy) as there:
            there = replace(there, listener=inputs.connection.listener)
            return awaited(_rehearse(copy, there, policing, options))


async def _rehearse(
    copy: Copy, connection: Connection, policing: Policing, options: ApprovalOptions
) -> int:
    kinds = policing.kinds
    async with ApiClient(connection) as client:
        planned = await plan_folder(copy.configuration, client, kinds)
        planned = await asyncio.to_thread(policing.judged, planned)
        found = Rehearsed(planned.plan, copy.rows)
        try:
            report = await execute_plan(planned, client, kinds, options, copy.folder / "journal")
        except ConsentError as error:
            refused = "; ".join(filter(None, (error.message, error.hint)))
            _write(replace(found, refused=refused), kinds, options)
            raise
        code = finish(report)
        found = replace(found, report=report)
        if not code:
            again = (await plan_folder(copy.configuration, client, kinds)).plan
            found = replace(found, again=again)
    _write(found, kinds, options)
    return _told(found, code, kinds, options)


def _write(found: Rehearsed, kinds: Mapping[str, Kind], options: ApprovalOptions) -> None:
    if options.page:
        from ..render.html.rehearsal_page import rehearsal_html

        hand_over(rehearsal_html(found, kinds))


def _told(found: Rehearsed, code: int, kinds: Mapping[str, Kind], options: ApprovalOptions) -> int:
    err = options.page
    if found.again is None:
        say("The rehearsal failed; the live organization was not changed.", err=err)
        return code
    if found.went_well:
        say(
            "The rehearsal went well, and a second plan is empty. Nothing live was changed.",
            err=err,
        )
        return 0
    say("A second plan would still change something:", err=err)
    if not options.page:
        show_plan(found.again, kinds)
    return NOT_EMPTY
