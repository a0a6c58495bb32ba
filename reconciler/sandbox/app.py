"""The web side: Starlette around one function from a request to its answer."""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route

from .database import Pool
from .exchange import JSON_TYPE, Answer, Incoming
from .log import RequestLog
from .organizations import Access, Directory
from .refusal import Refusal
from .respond import read_request, respond
from .special import respond_specially, special_action

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BASE = "/v1"
METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
_HEAD_LIMIT = 51_200  # bytes of request line and headers that the server of PostgREST takes

Respond = Callable[[Incoming], Awaitable[Answer]]


def make_app(pool: Pool, directory: Directory, log: RequestLog) -> Starlette:
    """Make the application; it opens and closes the pool."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> "AsyncIterator[None]":
        async with pool:
            await pool.wait()
            yield

    async def serve(request: WebRequest) -> Response:
        began = time.perf_counter()
        incoming = await _incoming(request)
        answer = await answer_of(incoming, pool, directory)
        log.write(incoming, answer, time.perf_counter() - began)
        return _response(incoming, answer)

    paths = (BASE, f"{BASE}/{{path:path}}")
    return Starlette(
        routes=[Route(path, serve, methods=list(METHODS)) for path in paths], lifespan=lifespan
    )


async def answer_of(incoming: Incoming, pool: Pool, directory: Directory) -> Answer:
    """Answer a request; every error becomes an answer."""
    if len(incoming.query) > _HEAD_LIMIT:
        return Answer(400, {"Content-Type": "text/plain; charset=utf-8"}, b"Bad Request")
    try:
        access = _authenticate(incoming, directory)
        action = special_action(incoming)
        if action is not None:
            return await respond_specially(pool, incoming, access, action)
        return await respond(pool, read_request(incoming, access))
    except Refusal as refusal:
        headers = {"Content-Type": JSON_TYPE, **refusal.headers}
        return Answer(refusal.status, headers, refusal.body)
    except Exception:
        logging.getLogger(__name__).exception("a request failed")
        failed = Refusal(500, "XX000", "The sandbox failed: this is a bug in it")
        return Answer(500, {"Content-Type": JSON_TYPE}, failed.body)


def _authenticate(incoming: Incoming, directory: Directory) -> Access:
    scheme, _, key = incoming.header("authorization").partition(" ")
    if scheme.lower() != "bearer" or not key:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Refusal(401, "PGRST302", "Anonymous access is disabled", headers=headers)
    access = directory.by_key.get(key.strip())
    if access is None:
        message = "JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)"
        shown = f'Bearer error="invalid_token", error_description="{message}"'
        raise Refusal(401, "PGRST301", message, headers={"WWW-Authenticate": shown})
    return access


async def _incoming(request: WebRequest) -> Incoming:
    return Incoming(
        method=request.method,
        path=request.path_params.get("path", "").strip("/"),
        query=request.url.query,
        headers=tuple(request.headers.items()),
        body=await request.body(),
    )


def _response(incoming: Incoming, answer: Answer) -> Response:
    body = b"" if incoming.method == "HEAD" else answer.body
    response = Response(body, answer.status, dict(answer.headers))
    if incoming.method == "HEAD" or answer.status == 204:
        # Starlette would say "Content-Length: 0", which is not the length that GET has.
        del response.headers["content-length"]
    return response
