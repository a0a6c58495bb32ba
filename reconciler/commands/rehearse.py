"""``reconciler rehearse``: carry a plan out where it cannot hurt."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from ..client.client import ApiClient
from ..client.connection import Connection
from ..diagnostics.words import count
from ..local_sandbox import check_installed
from ..planning.forward import make_plan
from ..rehearsal.copy import Copy, copy_rows, serving
from ..render.out import say
from ..render.views import show_plan
from .execution import ApprovalOptions, execute_plan, finish
from .inputs import PlanInputs, plan_inputs
from .options import allow_option, gathered, personal_option
from .policing import Policing
from .reading import explaining

NOT_EMPTY = 5


@click.command("rehearse")
@plan_inputs
@allow_option
@personal_option
@gathered(approval=ApprovalOptions.given)
def command(inputs: PlanInputs, approval: ApprovalOptions) -> int:
    """Apply the YAML at PATH to a copy of the live organization, in a sandbox on this machine.

    What the plan touches or refers to is copied (the live organization is only read); the plan is
    judged by the policies, then executed there with all the rules of a real PostgreSQL, and a
    second plan must find nothing. Exits as apply would.

    \b
    Example:
      reconciler rehearse villa/ --allow billing-create
    """
    check_installed("a rehearsal")
    kinds = inputs.kinds
    options = replace(approval, approved=True)
    desired = inputs.desired()
    policing = inputs.policing(desired, kinds)

    with tempfile.TemporaryDirectory(prefix="reconciler-rehearsal-") as name:
        with explaining(desired, kinds):
            copy = asyncio.run(
                copy_rows(
                    desired.configuration, inputs.connection, kinds, Path(name),
                    parallelism=inputs.parallelism,
                )
            )  # fmt: skip
        say(f"Copied {count(copy.rows, 'row')} of the live organization into a sandbox.", err=True)
        with serving(copy) as there:
            there = replace(there, listener=inputs.connection.listener)
            return asyncio.run(_rehearse(copy, there, policing, options))


async def _rehearse(
    copy: Copy, connection: Connection, policing: Policing, options: ApprovalOptions
) -> int:
    kinds = policing.kinds
    async with ApiClient(connection) as client:
        planned = await make_plan(copy.configuration, client, kinds)
        planned = await asyncio.to_thread(policing.judged, planned)
        code = finish(await execute_plan(planned, client, kinds, options, copy.folder / "journal"))
        if code:
            say("The rehearsal failed; the live organization was not changed.")
            return code
        again = (await make_plan(copy.configuration, client, kinds)).plan
    if again.changes:
        say("A second plan would still change something:")
        show_plan(again, kinds)
        return NOT_EMPTY
    say("The rehearsal went well, and a second plan is empty. Nothing live was changed.")
    return 0
