#!/bin/sh
# An answer whose Content-Length stands in it twice, with one value: a proxy has added its own. HTTP
# (RFC 9110, 8.6) lets a reader take it as one. httpx 0.28.1 does; aiohttp 3.14.5 refuses the whole
# answer, and the answer to a write is lost although it arrived.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 aiohttp==3.14.5
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import sys

import aiohttp
import httpx

print("httpx", httpx.__version__, "aiohttp", aiohttp.__version__)
print("expected: [] from both")


async def answer(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    length = b"Content-Length: 2\r\n"
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + length + b"\r\n[]")
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with (
        server,
        httpx.AsyncClient(trust_env=False) as client,
        aiohttp.ClientSession() as session,
    ):
        by_httpx = (await client.get(url)).text
        try:
            async with session.get(url) as response:
                by_aiohttp = await response.text()
        except aiohttp.ClientResponseError as error:
            by_aiohttp = f"{type(error).__name__}: {error.message.partition(':')[0]}"
    return by_httpx, by_aiohttp


by_httpx, by_aiohttp = asyncio.run(main())
print("seen: httpx", by_httpx)
print("seen: aiohttp", by_aiohttp)
sys.exit(not (by_httpx == "[]" and by_aiohttp.startswith("ClientResponseError")))
PYTHON
