"""A proxy in front of the sandbox that kills its client at a chosen write request."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

Moment = Literal["before", "after"]
WRITES = frozenset({b"POST", b"PATCH", b"DELETE"})
LONGEST_HEAD = 1024 * 1024


@dataclass(slots=True)
class KillingProxy:
    """Passes requests on and counts the writes.

    At the ``nth`` it kills ``pid``: ``before`` the server sees the request, or ``after`` the
    server has answered, without passing the answer on. ``nth`` 0 kills nobody.
    """

    host: str
    port: int
    path: str
    url: str = ""
    pid: int = 0
    nth: int = 0
    moment: Moment = "before"
    writes: int = 0
    at_work: int = 0

    @classmethod
    @contextmanager
    def running(cls, upstream: str) -> Iterator[Self]:
        """Run a proxy to ``upstream`` in a thread of its own while the block lasts."""
        parts = urlsplit(upstream)
        assert parts.hostname
        assert parts.port
        proxy = cls(parts.hostname, parts.port, parts.path)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(proxy._listen(), loop).result(10)
        try:
            yield proxy
        finally:
            asyncio.run_coroutine_threadsafe(_close(server), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    def arm(self, nth: int, moment: Moment) -> None:
        """Choose the write request to kill at, and count from the beginning."""
        self.nth, self.moment, self.writes = nth, moment, 0

    def wait_until_settled(self) -> None:
        """Wait until the server has answered everything that reached it."""
        until = time.monotonic() + 30
        while self.at_work and time.monotonic() < until:
            time.sleep(0.005)

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{self.path}"
        return server

    async def _serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        server, requests = await asyncio.open_connection(self.host, self.port, limit=LONGEST_HEAD)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._pass_one(client, answers, server, requests):
                    pass
        finally:
            for writer in (answers, requests):
                writer.close()

    async def _pass_one(
        self,
        client: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        requests: asyncio.StreamWriter,
    ) -> bool:
        """Pass one request on and its answer back; false where the client was killed."""
        request = await _message(client)
        is_write = request.partition(b" ")[0] in WRITES
        self.writes += is_write
        due = is_write and self.writes == self.nth
        if due and self.moment == "before":
            self._kill()
            return False
        self.at_work += 1
        try:
            requests.write(request)
            answer = await _message(server)
        finally:
            self.at_work -= 1
        if due:
            self._kill()
            return False
        answers.write(answer)
        await answers.drain()
        return True

    def _kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


async def _close(server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one request or answer whole, by its length or in chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    fields = {name.strip().lower(): value.strip() for name, _, value in lines}
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return head + await _chunks(reader)
    return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = await reader.readuntil(b"\r\n")
        chunk = await reader.readexactly(int(size, 16) + 2)
        body += size + chunk
        if chunk == b"\r\n":
            return body
