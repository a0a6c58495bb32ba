"""How an answer is mistreated on its way: changed, cut, dripped, or never sent."""

import asyncio
import socket
import struct
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..exchange import Answer
from .spec import Fault

_PIECES = 20
_PAGE = b"<!doctype html><title>Please wait</title><h1>The service is being updated</h1>\n"
_BETWEEN_ROWS = b", \n "
"""PostgreSQL writes it between the rows of a list, and never inside one: JSON escapes newlines."""


def refusal(fault: Fault, status: int) -> Answer:
    """Refuse as a gateway does: with few words, and not in PostgREST's form."""
    headers = {"Content-Type": "application/json"}
    if fault.retry_after is not None:
        headers["Retry-After"] = fault.retry_after
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    return Answer(status, headers, orjson.dumps({"message": phrase}))


def spoiled(answer: Answer, faults: Iterable[Fault]) -> Answer:
    """Change an answer as the faults say."""
    for fault in faults:
        if fault.short_list is not None and answer.status in {200, 206}:
            answer = _shortened(answer, fault.short_list)
        if fault.bad_json and answer.body:
            answer = replace(answer, body=answer.body[:-1])
        if fault.html:
            answer = Answer(200, {"Content-Type": "text/html; charset=utf-8"}, _PAGE)
        if fault.status is not None and fault.after_commit:
            answer = refusal(fault, fault.status)
    return answer


def _shortened(answer: Answer, keep: int) -> Answer:
    if not answer.body.startswith(b"["):
        return answer
    rows = answer.body[1:-1].split(_BETWEEN_ROWS) if answer.body != b"[]" else []
    kept = rows[: len(rows) // 2 if keep < 0 else keep]
    headers = dict(answer.headers)
    shown, _, total = headers.get("Content-Range", "*/*").partition("/")
    start = int(shown.partition("-")[0]) if shown != "*" else 0
    shown = f"{start}-{start + len(kept) - 1}" if kept else "*"
    headers["Content-Range"] = f"{shown}/{total}"
    return replace(
        answer, headers=headers, body=b"[" + _BETWEEN_ROWS.join(kept) + b"]", rows=len(kept)
    )


def delivered(
    response: Response, faults: Iterable[Fault], transport: asyncio.Transport
) -> Response:
    """Send a response as the faults say."""
    for fault in faults:
        if fault.reset_after_commit:
            return Reset(transport)
        if fault.cut and response.body:
            return _Cut(response, transport)
        if fault.drip:
            return _Drip(response, fault.drip)
    return response


class Reset(Response):
    """No answer: the connection is reset."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the kernel send a reset instead of an orderly end."""
        found = self._transport.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


class _Cut(Response):
    def __init__(self, whole: Response, transport: asyncio.Transport) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(_head(self))
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        self._transport.close()


class _Drip(Response):
    def __init__(self, whole: Response, seconds: float) -> None:
        super().__init__(whole.body, whole.status_code)
        self.raw_headers = whole.raw_headers
        self._pause = seconds / _PIECES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(_head(self))
        size = max(1, -(-len(self.body) // _PIECES))
        for start in range(0, len(self.body), size):
            await asyncio.sleep(self._pause)
            piece = bytes(self.body[start : start + size])
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _head(response: Response) -> dict[str, object]:
    return {
        "type": "http.response.start",
        "status": response.status_code,
        "headers": response.raw_headers,
    }
