"""The same changes without plan, retries and journal: one PATCH with its lock for each contact.

``python loop.py httpx|aiohttp WORD`` changes the notes of every contact, and prints the seconds of
CPU that this took without reading the locks. It needs nothing of this project: the httpx loop
goes over httpx-aiohttp, and is run with the libraries of the old commit, which had it.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import orjson

AT_ONCE = 8
URL = os.environ["BOOKINGMOOD_API_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['BOOKINGMOOD_API_KEY']}"}
QUIET = {"Content-Type": "application/json", "Prefer": "return=minimal,count=exact"}

Get = Callable[[str], Awaitable[bytes]]
Patch = Callable[[str, bytes], Awaitable[int]]


async def change_all(get: Get, patch: Patch, word: str) -> float:
    """Change every contact; gives the seconds of CPU."""
    targets = await _targets(get)
    left = iter(enumerate(targets))
    began = time.process_time()

    async def work() -> None:
        for number, target in left:
            status = await patch(target, orjson.dumps({"notes": f"{word} {number}"}))
            assert status == 204, status

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return time.process_time() - began


async def _targets(get: Get) -> list[str]:
    targets: list[str] = []
    after = ""
    while True:
        body = await get(f"{URL}/contacts?select=id,updated_at&order=id&limit=1000{after}")
        rows = orjson.loads(body)
        if not rows:
            return targets
        targets += [
            f"{URL}/contacts?id=eq.{row['id']}&updated_at=eq.{quote(row['updated_at'])}"
            for row in rows
        ]
        after = f"&id=gt.{rows[-1]['id']}"


async def by_aiohttp(word: str) -> float:
    """Use aiohttp alone."""
    import aiohttp
    import yarl

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(headers=HEADERS, connector=connector) as session:

        async def get(target: str) -> bytes:
            async with session.get(yarl.URL(target, encoded=True)) as answer:
                return await answer.read()

        async def patch(target: str, body: bytes) -> int:
            address = yarl.URL(target, encoded=True)
            async with session.patch(address, data=body, headers=QUIET) as answer:
                await answer.read()
                return answer.status

        return await change_all(get, patch, word)


async def by_httpx(word: str) -> float:
    """Use httpx over httpx-aiohttp."""
    import httpx
    from httpx_aiohttp import AiohttpTransport  # type: ignore[import-not-found]

    async with httpx.AsyncClient(headers=HEADERS, transport=AiohttpTransport()) as client:

        async def get(target: str) -> bytes:
            return (await client.get(target)).content

        async def patch(target: str, body: bytes) -> int:
            return (await client.patch(target, content=body, headers=QUIET)).status_code

        return await change_all(get, patch, word)


if __name__ == "__main__":
    how = {"httpx": by_httpx, "aiohttp": by_aiohttp}[sys.argv[1]]
    sys.stdout.write(f"{asyncio.run(how(sys.argv[2]))}\n")
