"""Another API can stand behind the tool: plan, approve and apply work on rows in memory."""

import asyncio
import gc
from pathlib import Path

from reconciler.client.protocols import Reader, Writer
from reconciler.configuration.read import read_configuration
from reconciler.execution import Outcome, Report, State, apply
from reconciler.plan.change import Action, Change
from reconciler.planning.approval import approve
from reconciler.planning.folder import plan_folder
from reconciler.planning.planned import Planned
from tests.builders import KINDS, STACK, foreign_id, own_id
from tests.memory import Memory

JANE = "contacts:\n  jane: {first_name: Jane, email: jane@example.net}\n"


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None: ...

    def settled(self, outcome: Outcome) -> None: ...


def plan(text: str, api: Reader, folder: Path) -> Planned:
    (folder / "a.yaml").write_text(f"reconciler: {{stack: {STACK}}}\n{text}", encoding="utf-8")
    desired = read_configuration([folder], KINDS, variables={}, environment={})
    return asyncio.run(plan_folder(desired.configuration, api, KINDS))


def execute(planned: Planned, api: Writer, folder: Path) -> Report:
    approved = approve(planned, KINDS)
    return asyncio.run(apply(approved, api, KINDS, folder / "journal", listener=Nobody()))


def actions(planned: Planned) -> list[tuple[Action, str]]:
    changes = (change for change in planned.plan.changes if change.action is not Action.NO_OP)
    return [(change.action, change.name) for change in changes]


def states(report: Report) -> set[State]:
    return {outcome.state for outcome in report.outcomes}


def test_rows_are_created_and_then_there_is_nothing_to_do(tmp_path: Path) -> None:
    api = Memory()
    planned = plan(JANE, api, tmp_path)
    assert actions(planned) == [(Action.CREATE, "contacts.jane")]
    assert states(execute(planned, api, tmp_path)) == {State.DONE}
    assert api.rows["contacts"][own_id("contacts.jane")]["email"] == "jane@example.net"
    assert actions(plan(JANE, api, tmp_path)) == []


def test_a_row_is_adopted_and_changed(tmp_path: Path) -> None:
    api = Memory()
    api.put("contacts", {"id": foreign_id(1), "email": "jane@example.net", "first_name": "Joan"})
    planned = plan(JANE, api, tmp_path)
    assert actions(planned) == [(Action.ADOPT, "contacts.jane")]
    assert states(execute(planned, api, tmp_path)) == {State.DONE}
    assert api.rows["contacts"][foreign_id(1)]["first_name"] == "Jane"
    assert api.writes == ["update contacts"]


def test_a_row_that_was_changed_meanwhile_stays(tmp_path: Path) -> None:
    api = Memory()
    execute(plan(JANE, api, tmp_path), api, tmp_path)
    planned = plan(JANE.replace("Jane", "Joan"), api, tmp_path)
    api.put("contacts", {"id": own_id("contacts.jane"), "first_name": "Somebody"})
    assert State.DONE not in states(execute(planned, api, tmp_path))
    assert api.rows["contacts"][own_id("contacts.jane")]["first_name"] == "Somebody"


def test_a_row_without_a_block_is_deleted(tmp_path: Path) -> None:
    api = Memory()
    execute(plan(JANE, api, tmp_path), api, tmp_path)
    planned = plan("contacts: {}\n", api, tmp_path)
    assert actions(planned) == [(Action.DELETE, f"contacts[{own_id('contacts.jane')}]")]
    assert states(execute(planned, api, tmp_path)) == {State.DONE}
    assert api.rows["contacts"] == {}


def test_what_a_plan_was_made_of_does_not_wait_for_the_collector(tmp_path: Path) -> None:
    gc.collect()
    try:
        gc.set_debug(gc.DEBUG_SAVEALL)
        for api in (Memory(), filled()):
            plan(JANE, api, tmp_path)
        gc.collect()
        waiting = {type(one).__name__ for one in gc.garbage if _is_ours(one)}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert not waiting


def filled() -> Memory:
    """Hold a row that a natural key finds."""
    api = Memory()
    api.put("contacts", {"id": foreign_id(1), "email": "jane@example.net"})
    return api


def _is_ours(one: object) -> bool:
    return type(one).__module__.startswith("reconciler.")
