"""The web side: Starlette around one function from a request to its answer."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route

from .actions import respond_specially, special_action
from .cors import cors_headers, preflight
from .database import Pool
from .entrance import Entrance
from .exchange import JSON_TYPE, Answer, Incoming
from .faults import Board, Fault
from .faults.admin import respond_to_admin
from .faults.editor import edit
from .faults.wire import Reset, delivered, refusal, spoiled
from .log import RequestLog
from .organizations import Directory
from .refusal import Refusal, too_deep
from .request import read_request
from .respond import respond
from .root import BASE, respond_at_root, respond_to_function

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_HEAD_LIMIT = 51_200  # bytes of request line and headers that the server of PostgREST takes


def make_app(
    pool: Pool, directory: Directory, log: RequestLog, board: Board, *, admin_token: str | None
) -> Starlette:
    """Make the application; it opens and closes the pool. Who has the token may switch faults."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> "AsyncIterator[None]":
        async with pool:
            await pool.wait()
            yield

    entrance = Entrance(pool, directory)

    async def serve(request: WebRequest) -> Response:
        began = time.perf_counter()
        transport: asyncio.Transport = request.state.transport
        faults = board.draw(request.method, _path(request))
        if any(fault.reset_before for fault in faults):
            return Reset(transport)
        incoming = await _incoming(request)
        answer = await answer_among(faults, incoming, pool, entrance)
        log.write(incoming, answer, time.perf_counter() - began, faults)
        return delivered(_response(incoming, answer), faults, transport)

    async def serve_admin(request: WebRequest) -> Response:
        assert admin_token is not None, "without a token there is no such route"
        answer = respond_to_admin(board, admin_token, await _incoming(request))
        return Response(answer.body, answer.status, dict(answer.headers))

    routes = [Route(path, serve, methods=list(METHODS)) for path in (BASE, f"{BASE}/{{path:path}}")]
    if admin_token is not None:
        methods = ["GET", "PUT", "DELETE", "POST", "PATCH"]
        routes.append(Route("/admin/faults", serve_admin, methods=methods))
    return Starlette(routes=routes, lifespan=lifespan)


async def answer_among(
    faults: Iterable[Fault], incoming: Incoming, pool: Pool, entrance: Entrance
) -> Answer:
    """Answer a request that faults may befall before and after."""
    for fault in faults:
        await asyncio.sleep(fault.latency)
    for fault in faults:
        if fault.status is not None and not fault.after_commit:
            return refusal(fault, fault.status)
    editors = [fault for fault in faults if fault.edit is not None]
    writes = incoming.method not in {"GET", "HEAD"}
    if writes:
        await _edit(editors, incoming, pool, entrance)
    answer = await answer_of(incoming, pool, entrance)
    if not writes:
        await _edit(editors, incoming, pool, entrance)
    return spoiled(answer, faults)


async def _edit(
    faults: Iterable[Fault], incoming: Incoming, pool: Pool, entrance: Entrance
) -> None:
    for fault in faults:
        with contextlib.suppress(Refusal):
            await edit(pool, incoming, await entrance.admit(incoming), fault)


async def answer_of(incoming: Incoming, pool: Pool, entrance: Entrance) -> Answer:
    """Answer a request; every error becomes an answer."""
    if len(incoming.query) > _HEAD_LIMIT:
        return Answer(400, {"Content-Type": "text/plain; charset=utf-8"}, b"Bad Request")
    asked_before = preflight(incoming)
    if asked_before is not None:
        return asked_before
    try:
        access = await entrance.admit(incoming)
        action = special_action(incoming)
        if action is not None:
            return await respond_specially(pool, incoming, access, action)
        if not incoming.path:
            return respond_at_root(incoming, access)
        if incoming.path.startswith("rpc/"):
            return respond_to_function(incoming)
        request = read_request(incoming, access)
        if request.method in {"POST", "PUT"}:
            await entrance.furnish(access, request.table.name)
        return await respond(pool, request)
    except Refusal as refusal:
        return _refused(refusal)
    except RecursionError:
        return _refused(too_deep())
    except Exception:
        logging.getLogger(__name__).exception("a request failed")
        return _refused(Refusal(500, "XX000", "The sandbox failed: this is a bug in it"))


def _refused(refusal: Refusal) -> Answer:
    headers = {"Content-Type": JSON_TYPE, **refusal.headers}
    return Answer(refusal.status, headers, refusal.body)


async def _incoming(request: WebRequest) -> Incoming:
    return Incoming(
        method=request.method,
        path=_path(request),
        query=request.url.query,
        headers=tuple(request.headers.items()),
        body=await request.body(),
    )


def _path(request: WebRequest) -> str:
    path: str = request.path_params.get("path", "")
    return path


def _response(incoming: Incoming, answer: Answer) -> Response:
    body = b"" if incoming.method == "HEAD" else answer.body
    response = Response(body, answer.status, dict(answer.headers))
    for name, value in cors_headers(incoming).items():
        response.headers[name] = value
    for preference in answer.applied:
        response.headers.append("Preference-Applied", preference)
    if incoming.method == "HEAD" or answer.status == 204:
        # Starlette would say "Content-Length: 0", which is not the length that GET has.
        del response.headers["content-length"]
    return response
