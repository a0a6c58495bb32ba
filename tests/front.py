"""A small real HTTP server in front of a sandbox: it hands on, or answers as a test wants."""

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import httpx


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived; ``kind`` is the path without ``/v1/``, ``query`` is decoded, names of headers
    are lower case.
    """

    method: str
    kind: str
    query: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; a Content-Length given here is sent as it is."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """What is sent as it is before the connection is closed, ``pause`` seconds between bytes."""

    content: bytes
    pause: float = 0


class Cut(Exception):  # noqa: N818 (what happens, not what is wrong)
    """Raised by a rule: the connection is reset without an answer."""


Forward = Callable[[Request], Reply]
Rule = Callable[[Request, Forward], Reply | Raw]


def handed_on(request: Request, forward: Forward) -> Reply:
    """The rule that changes nothing."""
    return forward(request)


@contextmanager
def front(rule: Rule, behind: str = "http://127.0.0.1:9/v1") -> Iterator[str]:
    """Serve ``rule`` before the server at ``behind``; gives the address, with ``/v1``."""
    # nothing here is HTTPS, and reading the certificates would take longer than most tests
    with httpx.Client(trust_env=False, timeout=60, verify=False) as http:
        hand_on = partial(_hand_on, http, behind.removesuffix("/v1"))
        server = _Server(("127.0.0.1", 0), partial(_Handler, rule, hand_on))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
        for error in server.errors:
            raise error


def _hand_on(http: httpx.Client, root: str, request: Request) -> Reply:
    headers = {name: value for name, value in request.headers.items() if name != "host"}
    answer = http.request(
        request.method, root + request.target, headers=headers, content=request.body
    )
    kept = ("content-type", "content-range", "preference-applied", "retry-after")
    return Reply(
        answer.status_code,
        answer.content,
        {name: answer.headers[name] for name in kept if name in answer.headers},
    )


class _Server(ThreadingHTTPServer):
    """Keeps what goes wrong in a rule for the test; that a client went away is no error."""

    daemon_threads = True

    def __init__(self, *rest: Any) -> None:
        self.errors: list[BaseException] = []
        super().__init__(*rest)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, OSError | ValueError):
            self.errors.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, rule: Rule, hand_on: Forward, *rest: Any) -> None:
        self._rule = rule
        self._hand_on = hand_on
        super().__init__(*rest)

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(1 << 20)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        try:
            self._answer(self._rule(self._request(), self._hand_on))
        except Cut:
            self._reset()
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            self.command,
            path.removeprefix("/v1/"),
            unquote(query.replace("+", " ")),
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )

    def _answer(self, reply: Reply | Raw) -> None:
        if isinstance(reply, Raw):
            self._send(reply)
            return
        headers = {"Content-Type": "application/json", **reply.headers}
        headers.setdefault("Content-Length", str(len(reply.body)))
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        if headers["Content-Length"] != str(len(reply.body)):
            self.close_connection = True

    def _send(self, reply: Raw) -> None:
        self.close_connection = True
        step = 1 if reply.pause else len(reply.content)
        for start in range(0, len(reply.content), step):
            self.wfile.write(reply.content[start : start + step])
            time.sleep(reply.pause)

    def _reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def finish(self) -> None:
        """Close what a reset may have closed already."""
        with suppress(OSError, ValueError):
            super().finish()


def closed_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
