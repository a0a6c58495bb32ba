"""The sandbox as a running program: PostgreSQL, the tables, the web server, and the way out."""

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Iterator

import orjson
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..catalogue.growth import grown
from ..diagnostics import ReconcilerError, UsageError
from .app import make_app
from .cluster import running_cluster
from .database import make_pool
from .faults import Board, Fault
from .log import RequestLog
from .organizations import Directory, prepare
from .root import BASE
from .schema import serve_kinds
from .settings import SandboxSettings

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: they end the process before PostgreSQL is stopped.

    ``ready`` is set once it listens, or has failed to.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    def end(self) -> None:
        """Stop soon; of requests that have to be cut off nothing more is said."""
        self.should_exit = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(HttpToolsProtocol):
    """Hands the connection on to the application, so that a fault can end it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["transport"] = self.transport


def run_sandbox(settings: SandboxSettings) -> None:
    """Serve until a signal to end; the first line on stdout tells the address and the keys."""
    if settings.growth:
        serve_kinds(grown(settings.growth, str(settings.growth.folder)))
    board = Board()
    board.put(map(Fault.parse, settings.faults))
    with contextlib.ExitStack() as stack:
        stack.enter_context(_interruptible())
        listener = stack.enter_context(_listen(settings.port))
        log = stack.enter_context(RequestLog(settings.request_log))
        url = settings.database_url
        if url is None:
            url = stack.enter_context(running_cluster(settings.data))
        directory = prepare(url, settings)
        token = secrets.token_urlsafe() if settings.admin else None
        app = make_app(make_pool(url), directory, log, board, admin_token=token)
        asyncio.run(_serve(app, _first_line(listener, directory, token), listener))


async def _serve(app: Starlette, first_line: str, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="on",
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for one in _heeded():
        loop.add_signal_handler(one, server.end)
    running = asyncio.create_task(server.serve([listener]))
    await server.ready.wait()
    if server.started:
        sys.stdout.write(first_line)
        sys.stdout.flush()
    await running
    if not server.started:
        raise ReconcilerError("the web server could not start", hint="see the lines above")


def _first_line(listener: socket.socket, directory: Directory, token: str | None) -> str:
    line = {
        "url": f"http://127.0.0.1:{listener.getsockname()[1]}{BASE}",
        "organizations": [{"id": one, "api_key": key} for one, key in directory.organizations],
        **({"admin_token": token} if token else {}),
    }
    return orjson.dumps(line).decode() + "\n"


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio turns Nagle off: an answer goes out in one piece.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        hint = "choose another with --port; 0 takes any"
        raise UsageError(f"port {port} cannot be used: {reason}", hint=hint) from None
    return listener


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let a signal during the start unwind everything that was started so far."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {one: signal.signal(one, stop) for one in _heeded()}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _heeded() -> list[signal.Signals]:
    """List the signals that end us; what was to be ignored (``nohup``) stays so."""
    return [one for one in _SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]
