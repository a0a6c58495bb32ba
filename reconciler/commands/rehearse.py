"""``reconciler rehearse``: carry a plan out where it cannot hurt."""

import asyncio
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from ..bindings import bindings_path, write_bindings
from ..catalogue import Kind, load_kinds
from ..client.client import Client
from ..client.connection import Connection
from ..configuration.resource import Configuration
from ..diagnostics.words import count
from ..local_sandbox import check_installed, running_sandbox
from ..plan.document import document_of
from ..planning.consent import parse_allowed
from ..planning.forward import make_plan
from ..planning.planned import Planned
from ..rehearsal import Recorder, rows_to_copy
from ..render.facts import from_here
from ..render.out import say, show
from ..render.plan_text import plan_text
from ..values.jsontext import dumps
from ..values.sent import Row
from .execution import ApprovalOptions, execute_plan, finish
from .options import allow_option
from .plan_inputs import PlanInputs, plan_inputs
from .reading import explaining

NOT_EMPTY = 5
SEED = "seed.jsonl"


@click.command("rehearse")
@plan_inputs
@allow_option
@click.option("--show-personal-data", is_flag=True, help="Show personal values in the plan.")
def command(
    inputs: PlanInputs,
    allow: tuple[str, ...],
    show_personal_data: bool,
) -> int:
    """Apply the YAML at PATH to a copy of the live organization, in a sandbox on this machine.

    What the plan touches or refers to is copied (the live organization is only read); the plan is
    carried out there with all the rules of a real PostgreSQL, and a second plan must find nothing.
    Exits as apply would.

    \b
    Example:
      reconciler rehearse villa/ --allow billing-create
    """
    check_installed("a rehearsal")
    kinds = load_kinds()
    options = ApprovalOptions(parse_allowed(allow), approved=True, show_personal=show_personal_data)
    desired = inputs.desired(kinds)
    configuration = desired.configuration

    with tempfile.TemporaryDirectory(prefix="reconciler-rehearsal-") as name:
        folder = Path(name)
        with explaining(desired, kinds):
            planned = asyncio.run(_copy(configuration, inputs, kinds, folder))
        live, forms = planned.plan, planned.bindings.stored.items()
        stores = [f"--stores={column}={form}" for column, form in forms]  # as the live server does
        copied = replace(configuration, folder=folder, organization=live.organization)
        key = secrets.token_hex(16)
        with running_sandbox(live.organization, key, "--seed", str(folder / SEED), *stores) as url:
            there = Connection.checked(url, key)
            there = replace(there, listener=inputs.connection.listener)
            return asyncio.run(_rehearse(copied, there, kinds, options, folder))


async def _copy(
    configuration: Configuration, inputs: PlanInputs, kinds: Mapping[str, Kind], folder: Path
) -> Planned:
    """Plan on the live organization, and write down the rows that the plan is about."""
    async with Recorder(inputs.connection, parallelism=inputs.parallelism) as reader:
        planned = await make_plan(configuration, reader, kinds)
        rows = await rows_to_copy(reader, kinds, configuration)
    _write_seed(folder / SEED, rows)
    path = bindings_path(folder, planned.plan.organization)
    write_bindings(path, planned.bindings.entries, planned.bindings.stored)
    copied = count(sum(map(len, rows.values())), "row")
    say(f"Copied {copied} of the live organization into a sandbox.", err=True)
    return planned


def _write_seed(path: Path, rows: Mapping[str, Mapping[str, Row]]) -> None:
    with path.open("wb") as file:
        for kind, by_id in rows.items():
            file.write(dumps({"kind": kind, "rows": list(by_id.values())}) + b"\n")


async def _rehearse(
    configuration: Configuration,
    connection: Connection,
    kinds: Mapping[str, Kind],
    options: ApprovalOptions,
    folder: Path,
) -> int:
    async with Client(connection) as client:
        planned = await make_plan(configuration, client, kinds)
        code = finish(await execute_plan(planned, client, kinds, options, folder / "journal"))
        if code:
            say("The rehearsal failed; the live organization was not changed.")
            return code
        again = (await make_plan(configuration, client, kinds)).plan
    if again.changes:
        say("A second plan would still change something:")
        show(plan_text(from_here(document_of(again, kinds), again.folder)))
        return NOT_EMPTY
    say("The rehearsal went well, and a second plan is empty. Nothing live was changed.")
    return 0
