"""A proxy in front of the sandbox that plays one fault at one chosen request."""

import asyncio
import gzip
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tests.killing_proxy import KillingProxy, _message

When = Literal["before", "after"]
RESET, CLOSE, SILENCE = "reset", "close", "silence"
SILENT = 1.0
"""Seconds without a word; the tool is given less."""
HTML = b"<html><body>Please wait</body></html>"


def _answer(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _state(code: str, status: int) -> bytes:
    return _answer(status, b'{"code": "%s", "message": "no"}' % code.encode())


EDGE = (408, 500, 502, 503, 504, 520, 522, 524, 530)
INSTEAD: Mapping[str, str | bytes] = MappingProxyType(
    {
        "reset": RESET,
        "close": CLOSE,
        "silence": SILENCE,
        **{str(status): _answer(status, HTML) for status in EDGE},
        "html-200": _answer(200, HTML),
        "empty-200": _answer(200, b""),
        "bad-json": _answer(200, b'[{"id": "cut'),
        "not-http": b"SSH-2.0-OpenSSH_9.6\r\n",
        "half-a-head": b"HTTP/1.1 200 OK\r\nContent-",
        "half-a-body": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{",
        "bad-chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "brotli": _answer(200, b"\x0b\x02\x80[]\x03", "Content-Encoding: br"),
    }
)
"""What comes instead of the server's answer."""
REFUSALS: Mapping[str, str | bytes] = MappingProxyType(
    {
        "429": _answer(429, b"{}"),
        "429-wait": _answer(429, b"{}", "Retry-After: 0"),
        "redirect": _answer(307, b"", "Location: /elsewhere"),
        "40001": _state("40001", 409),
        "57014": _state("57014", 500),
        "53300": _state("53300", 503),
        "403": _state("42501", 403),
    }
)
"""What is only true where the server did not see the request."""
ODD = ("latin-1", "length-twice", "300-headers", "gzip", "doubled-row", "no-count")
"""What is changed in the server's own answer."""
FAULTS: tuple[tuple[str, When], ...] = (
    *((name, when) for name in INSTEAD for when in ("before", "after")),
    *((name, "before") for name in REFUSALS),
    *((name, "after") for name in ODD),
)


@dataclass(slots=True)
class FaultingProxy(KillingProxy):
    """Counts all requests, and plays ``fault`` at the ``at``-th; 0 is none."""

    fault: str = ""
    when: When = "before"
    at: int = 0
    seen: int = 0

    def play(self, fault: str, when: When, at: int) -> None:
        """Choose the fault, and count from the beginning."""
        self.fault, self.when, self.at, self.seen = fault, when, at, 0

    async def _pass_one(
        self,
        client: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        requests: asyncio.StreamWriter,
    ) -> bool:
        request = await _message(client)
        self.seen += 1
        due = self.seen == self.at
        if due and self.when == "before":
            return await self._instead(answers)
        self.at_work += 1
        try:
            requests.write(request)
            answer = await _message(server)
        finally:
            self.at_work -= 1
        if due and self.fault not in ODD:
            return await self._instead(answers)
        answers.write(_odd(self.fault, answer) if due else answer)
        await answers.drain()
        return True

    async def _instead(self, answers: asyncio.StreamWriter) -> bool:
        what = {**INSTEAD, **REFUSALS}[self.fault]
        if isinstance(what, bytes):
            answers.write(what)
            await answers.drain()
        elif what == SILENCE:
            await asyncio.sleep(SILENT)
        elif what == RESET:
            wire: socket.socket = answers.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


def _odd(fault: str, answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *fields = head.split(b"\r\n")
    if fault == "latin-1":
        first = first.rpartition(b" ")[0] + b" Tr\xe8s bien"
    if fault == "300-headers":
        fields += [b"X: y"] * 300
    if fault == "no-count":
        fields = [field for field in fields if not field.lower().startswith(b"content-range")]
    if fault == "length-twice":
        fields += [field for field in fields if field.lower().startswith(b"content-length")]
    if fault == "gzip" and body:
        body = gzip.compress(body)
        fields.append(b"Content-Encoding: gzip")
    if fault == "doubled-row" and body.startswith(b"[{") and body.count(b'"id"') > 1:
        one = body[1 : body.index(b"}") + 1]
        body = b"[" + one + b"," + body[1:]
    if fault in {"gzip", "doubled-row"} and body:
        fields = [field for field in fields if not field.lower().startswith(b"content-length")]
        fields.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([first, *fields]) + b"\r\n\r\n" + body
