#!/bin/sh
# A DELETE or PATCH that is answered with 302 (a proxy that wants a login, a moved host), with two
# clients that follow redirects. aiohttp 3.14.5 sends it again as it is, as browsers do. httpx 0.28.1
# sends a GET instead: the answer to that is 200, and looks like a write that went well, although
# nothing was written.
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
print("expected: only a POST becomes a GET, in both")


async def main():
    arrived = []

    async def answer(reader, writer):
        method, path = (await reader.readuntil(b"\r\n\r\n")).decode().split()[:2]
        arrived.append(method)
        moved = b"302 Found\r\nLocation: /new" if path == "/old" else b"200 OK"
        writer.write(b"HTTP/1.1 " + moved + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/old"
    same = True
    async with (
        server,
        httpx.AsyncClient(follow_redirects=True, trust_env=False) as client,
        aiohttp.ClientSession() as session,
    ):
        for method in ("DELETE", "PATCH", "POST"):
            status = (await client.request(method, url)).status_code
            async with session.request(method, url) as response:
                print(f"seen: httpx {arrived[:2]}: {status}, aiohttp {arrived[2:]}: {response.status}")
            same = same and arrived == [method, "GET", method, "GET" if method == "POST" else method]
            arrived.clear()
    return same


sys.exit(not asyncio.run(main()))
PYTHON
