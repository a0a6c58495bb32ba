"""Unique values that move inside one plan, against a server that is a list of answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import orjson
import pytest

from reconciler.bindings import Bindings
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.execution import Outcome, State, apply
from reconciler.plan.change import Change
from reconciler.plan.consents import MEANINGS
from reconciler.plan.model import Plan
from reconciler.planning.approval import approve
from reconciler.planning.planned import Planned
from reconciler.values.column import JSON
from tests.builders import KINDS, ORGANIZATION, STACK, change, own_id, remembered, row
from tests.readable import whole

SEEN = "2026-01-01T00:00:00+00:00"
ASIDE = "MOVING4114880E31C9"
"""The third value of the row of ``coupons.b``: the same in every run."""


@dataclass
class Server(httpx.AsyncBaseTransport):
    """Answers each write with the next word; a read shows ``coupons.b`` with its third value."""

    answers: list[str]
    sent: list[JSON] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            there = row("coupons", own_id("coupons.b"), code=ASIDE, updated_at=SEEN)
            content = orjson.dumps([whole(KINDS["coupons"], there)])
            return httpx.Response(200, headers={"content-range": "*/1"}, content=content)
        code = orjson.loads(await request.aread())["code"]
        self.sent.append(code)
        answer = self.answers[len(self.sent) - 1]
        if answer == "done":
            return httpx.Response(204, headers={"content-range": "*/1"})
        words = {
            "message": "no",
            "details": f"Key (organization_id, code)=(x, {code}) already exists.",
            "hint": None,
            "code": "23505" if answer == "taken" else "22003",
        }
        return httpx.Response(409 if answer == "taken" else 400, content=orjson.dumps(words))


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None: ...

    def settled(self, outcome: Outcome) -> None: ...


def moved(name: str, old: str, new: str) -> Change:
    there = row("coupons", own_id(name), code=old, updated_at=SEEN)
    return change(f"update {name}", row=there, before={"code": old}, code=new)


A, B = moved("coupons.a", "X", "Y"), moved("coupons.b", "Y", "X")
ON = moved("coupons.b", "Y", "Z")


def executed(changes: Sequence[Change], server: Server, folder: Path) -> list[Outcome]:
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (tuple(changes),), 0)
    planned = Planned(plan, remembered(Bindings(folder / "bindings.yaml", {})))
    approved = approve(planned, KINDS, consents=MEANINGS)

    async def run() -> list[Outcome]:
        connection = Connection.checked("http://127.0.0.1:1", "key")
        async with ApiClient(connection, transport=server) as client:
            report = await apply(approved, client, KINDS, folder / "journal", listener=Nobody())
            return list(report.outcomes)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("changes", "exchange", "states"),
    [
        pytest.param([A, B], "Y taken, X taken, ASIDE done, Y done, X done", "done done",
                     id="two are swapped"),
        pytest.param([A, ON], "Y taken, Z done, Y done", "done done",
                     id="one waits for the other"),
        pytest.param([A, ON], "Y taken, Z refused", "failed failed",
                     id="who holds it does not let go"),
        pytest.param([A, B], "Y taken, X taken, ASIDE done, Y refused, Y done",
                     "failed failed", id="the third value is taken back"),
    ],
)  # fmt: skip
def test_values_move_in_an_order_that_the_server_takes(
    changes: list[Change], exchange: str, states: str, tmp_path: Path
) -> None:
    steps = [step.split() for step in exchange.replace("ASIDE", ASIDE).split(", ")]
    server = Server([answer for _, answer in steps])
    outcomes = {one.change.name: one for one in executed(changes, server, tmp_path)}
    assert server.sent == [code for code, _ in steps]
    assert [outcomes[one.name].state for one in changes] == list(map(State, states.split()))


def test_where_nobody_lets_go_it_is_said_what_to_do(tmp_path: Path) -> None:
    outcomes = executed([A, ON], Server(["taken", "refused"]), tmp_path)
    [first] = [one for one in outcomes if one.change is A]
    assert str(first.message).endswith("; coupons.b has that code, and coupons.b was not done")
    assert first.hint == (
        "apply in two steps: give coupons.b another code (or let it go), then coupons.a this one"
    )
