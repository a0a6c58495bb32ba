#!/bin/sh
# A server that receives a request and closes the connection without an answer. httpx 0.28.1 calls
# that RemoteProtocolError. With httpx-aiohttp 0.2.0 below it, the same request ends in
# ConnectTimeout, which httpx documents as "while connecting": a write that arrived looks unsent.
# A DELETE arrives twice, and escapes in the query are not those that were written.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  httpx==0.28.1 httpx-aiohttp==0.2.0 aiohttp==3.14.5
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import sys
from importlib.metadata import version

import httpx
from httpx_aiohttp import AiohttpTransport

TARGET = "/x?a=eq.%2B%2C%27b%27"
print("httpx", version("httpx"), "httpx-aiohttp", version("httpx-aiohttp"))
print("expected: an error other than ConnectTimeout, one request, the target as it was written")


async def attempt(transport, method):
    arrived = []

    async def drop(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        arrived.append(head.split(b" ")[1].decode())
        writer.close()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(transport=transport, trust_env=False) as client:
        try:
            await client.request(method, f"http://127.0.0.1:{port}{TARGET}")
        except httpx.HTTPError as error:
            return type(error).__name__, arrived
    return "no error", arrived


async def main():
    rewritten = "/x?a=eq.%2B,'b'"
    wanted = {
        ("httpx", "POST"): ("RemoteProtocolError", [TARGET]),
        ("httpx-aiohttp", "POST"): ("ConnectTimeout", [rewritten]),
        ("httpx-aiohttp", "DELETE"): ("ConnectTimeout", [rewritten, rewritten]),
    }
    same = True
    for (name, method), expected in wanted.items():
        seen = await attempt(AiohttpTransport() if name != "httpx" else None, method)
        print(f"seen: {name} {method}: {seen[0]}, arrived {seen[1]}")
        same = same and seen == expected
    return 0 if same else 1


sys.exit(asyncio.run(main()))
PYTHON
