"""Rows that are made and deleted by actions of their own: each step, and what it leaves behind."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from reconciler.bindings import Binding, Bindings
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.execution import Outcome, State, apply
from reconciler.plan.change import Change
from reconciler.plan.consents import MEANINGS
from reconciler.plan.model import Plan
from reconciler.planning.approval import approve
from reconciler.planning.planned import Planned
from reconciler.values.column import JSON
from reconciler.values.sent import Sent
from tests.builders import KINDS, ORGANIZATION, STACK, address, change, foreign_id, remembered, row
from tests.readable import whole
from tests.scripted import Given, Script

SEEN, LATER = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
ID, OTHER = foreign_id(5), foreign_id(6)
VILLA = address("products.villa")
LOST = httpx.ReadError("the connection was closed")


class Recorder(Script):
    """Keeps what was sent, too; what is read are products."""

    def __init__(self, answers: dict[str, Iterator[Given]]) -> None:
        super().__init__(answers)
        self.requests: list[tuple[str, str, JSON]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            body = orjson.loads(await request.aread() or b"null")
            self.requests.append((request.method, request.url.path, body))
        elif request.url.path != "/products":
            return httpx.Response(200, content=b"[]")  # nothing refers to it
        return await super().handle_async_request(request)


def executed(
    one: Change, folder: Path, bindings: Bindings | None = None, **answers: Iterable[Given]
) -> tuple[Outcome, Recorder, Bindings]:
    """Execute one change; gives its end, what was sent, and the bindings."""
    script = Recorder({method: iter(given) for method, given in answers.items()})
    bindings = bindings or Bindings(folder / "bindings.yaml", {})
    plan = Plan(STACK, ORGANIZATION, "sha256:0", ((one,),), 0)

    async def run() -> Outcome:
        connection = Connection.checked("http://127.0.0.1:1", "key")
        async with ApiClient(connection, transport=script) as client:
            approved = approve(Planned(plan, remembered(bindings)), KINDS, consents=MEANINGS)
            report = await apply(approved, client, KINDS, folder / "journal", listener=Nobody())
            return report.outcomes[0]

    return asyncio.run(run()), script, bindings


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None: ...

    def settled(self, outcome: Outcome) -> None: ...


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as good as never."""
    monkeypatch.setattr("reconciler.client.retries._SECOND", 0.0004)


def product(row_id: str = ID, version: str = SEEN, **values: JSON) -> dict[str, JSON]:
    return row("products", row_id, name={"default": "Villa"}, updated_at=version, **values)


def rows(*found: dict[str, JSON]) -> httpx.Response:
    content = orjson.dumps([whole(KINDS["products"], one) for one in found])
    return httpx.Response(200, headers={"content-range": f"*/{len(found)}"}, content=content)


def refusal(status: int, code: str | None) -> httpx.Response:
    words = {"message": "no", "details": None, "hint": None, "code": code}
    return httpx.Response(status, content=orjson.dumps(words))


DONE = httpx.Response(204, headers={"content-range": "*/1"})
NAME: dict[str, Sent] = {"default": "Villa"}
FIRST: dict[str, Sent] = {"name": NAME, "rent_period": "daily", "timezone": "UTC"}
CREATE = replace(change("create products.villa", **FIRST, capacity=4), id=None)  # type: ignore[arg-type]
BOUND = {VILLA: Binding(ID, "owned")}


def test_a_product_is_made_with_few_columns_and_then_gets_the_rest(tmp_path: Path) -> None:
    outcome, script, bindings = executed(
        CREATE, tmp_path, GET=[rows(), rows(product())], POST=[rows(product())], PATCH=[DONE]
    )
    assert (outcome.state, outcome.id, outcome.change) == (State.DONE, ID, CREATE)
    [(post, _, first), (patch, path, rest)] = script.requests
    assert (post, first) == ("POST", {**FIRST})
    assert (patch, path, rest) == ("PATCH", "/products", {"capacity": 4})
    assert bindings.entries == BOUND


def test_a_product_that_does_not_get_the_rest_is_bound_all_the_same(tmp_path: Path) -> None:
    """The next run finishes it, and makes no second one."""
    outcome, _, bindings = executed(
        CREATE,
        tmp_path,
        GET=[rows(), rows(product())],
        POST=[rows(product())],
        PATCH=[refusal(400, "22003")],
    )
    assert (outcome.state, outcome.id, outcome.change) == (State.FAILED, ID, CREATE)
    assert str(outcome.message).startswith("the row was created, but not all of it was set: ")
    assert bindings.entries == BOUND


@pytest.mark.parametrize(
    ("answer", "made"),
    [(rows(product()), f"this run made {ID}"), (LOST, "this run made one of them")],
)
def test_a_product_that_was_made_twice_is_for_a_person_to_settle(
    answer: Given, made: str, tmp_path: Path
) -> None:
    outcome, script, _ = executed(
        CREATE, tmp_path, GET=[rows(), rows(product(), product(OTHER))], POST=[answer]
    )
    assert outcome.state is State.FAILED
    assert (
        outcome.message
        == f"there are 2 rows of it now: {ID}, {OTHER}; {made}, another run the rest"
    )
    assert str(outcome.hint).startswith("delete all but one in the Bookingmood app")
    assert [method for method, _, _ in script.requests] == ["POST"]


DELETE = change("delete products.villa", id=ID, row=product())
WHERE = [("DELETE", "/products")]
GONE = rows(product(deleted_at=LATER))


@pytest.mark.parametrize(
    ("reads", "answers", "state", "says"),
    [
        pytest.param([rows(product()), rows()], [DONE], State.DONE, None, id="deleted"),
        pytest.param([rows(product()), GONE], [DONE], State.DONE, None, id="marked"),
        pytest.param([rows(product()), rows()], [LOST], State.DONE, None, id="lost"),
        pytest.param([rows(product()), rows()], [refusal(404, "x")], State.DONE,
                     "was so already", id="refused, as it is gone"),
        pytest.param([rows()], [], State.DONE, "was so already", id="gone"),
        pytest.param([GONE], [], State.DONE, "was so already", id="marked before"),
        pytest.param([rows(product(version=LATER))], [], State.STALE,
                     "the row was changed since the plan", id="changed"),
        pytest.param([rows(product()), rows(product())], [DONE], State.FAILED,
                     "the row is still there after the delete", id="still there"),
    ],
)  # fmt: skip
def test_a_product_is_deleted_only_as_the_plan_saw_it(
    reads: list[Given],
    answers: list[Given],
    state: State,
    says: str | None,
    tmp_path: Path,
) -> None:
    bindings = Bindings(tmp_path / "bindings.yaml", dict(BOUND))
    outcome, script, bindings = executed(DELETE, tmp_path, bindings, GET=reads, DELETE=answers)
    assert (outcome.state, outcome.message) == (state, says)
    assert [(method, path) for method, path, _ in script.requests] == WHERE[: len(answers)]
    assert bindings.entries == ({} if state is State.DONE else BOUND)
