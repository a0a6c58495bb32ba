#!/bin/sh
# A body in gzip may consist of several parts, one after the other, as `cat a.gz b.gz` makes it and
# servers do that pack piece by piece. aiohttp 3.14.5 reads all of it. httpx 0.28.1 reads the first
# part, and leaves the rest away without an error: a CSV or JSON Lines answer just has fewer rows.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 aiohttp==3.14.5
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import gzip
import sys

import aiohttp
import httpx

BODY = gzip.compress(b"id,name\n1,villa\n") + gzip.compress(b"2,chalet\n")
print("httpx", httpx.__version__, "aiohttp", aiohttp.__version__)
print("expected:", gzip.decompress(BODY))


async def answer(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(BODY)}\r\n\r\n"
    writer.write(head.encode() + BODY)
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with (
        server,
        httpx.AsyncClient(trust_env=False) as client,
        aiohttp.ClientSession() as session,
        session.get(url) as response,
    ):
        return (await client.get(url)).content, await response.read()


by_httpx, by_aiohttp = asyncio.run(main())
print("seen: httpx", by_httpx)
print("seen: aiohttp", by_aiohttp)
sys.exit(not (by_httpx == b"id,name\n1,villa\n" and by_aiohttp == gzip.decompress(BODY)))
PYTHON
