"""A client that was told to drain sends no write any more that would have to wait."""

import asyncio

import httpx
import orjson
import pytest

from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.diagnostics import NotSentError
from tests.builders import KINDS, foreign_id

CONTACTS = KINDS["contacts"]
ROW = {"id": foreign_id(1)}


class Busy(httpx.AsyncBaseTransport):
    """Answers nothing until it is let go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.sent: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request.method)
        await self.go_on.wait()
        return httpx.Response(200, headers={"content-range": "*/1"}, content=orjson.dumps([ROW]))


async def _turn() -> None:
    """Let everybody come to where they wait."""
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("late", [False, True], ids=["waiting already", "coming afterwards"])
def test_writes_in_a_queue_are_not_sent_any_more(late: bool) -> None:
    async def use() -> list[object]:
        busy = Busy()
        client = ApiClient(
            Connection.checked("http://127.0.0.1:1", "key"), parallelism=1, transport=busy
        )
        first = asyncio.create_task(client.create(CONTACTS, [ROW]))
        await _turn()
        if late:
            client.drain()
        queued = [
            asyncio.create_task(client.create(CONTACTS, [ROW])),
            asyncio.create_task(client.read(CONTACTS, ["id"], [])),
            asyncio.create_task(client.delete_one(CONTACTS, foreign_id(1))),
        ]
        await _turn()
        client.drain()
        busy.go_on.set()
        ends = await asyncio.gather(first, *queued, return_exceptions=True)
        assert busy.sent == ["POST", "GET"]
        return list(ends)

    done, refused, read, too = asyncio.run(use())
    assert done == read == [ROW]
    assert isinstance(refused, NotSentError)
    assert isinstance(too, NotSentError)
    assert refused.message == "the run was stopped before it was sent"


def test_a_write_that_need_not_wait_is_sent_after_that() -> None:
    """Values that were moved aside are put back, one by one, also in a run that was stopped."""

    async def use() -> list[str]:
        busy = Busy()
        busy.go_on.set()
        client = ApiClient(
            Connection.checked("http://127.0.0.1:1", "key"), parallelism=1, transport=busy
        )
        client.drain()
        await client.create(CONTACTS, [ROW])
        return busy.sent

    assert asyncio.run(use()) == ["POST"]
