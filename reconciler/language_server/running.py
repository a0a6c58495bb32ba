"""Run the server until the editor leaves."""

import os
import sys

from .live import LiveOptions
from .server import Server


def run(host: str, port: int | None, live: LiveOptions | None = None) -> int:
    """Serve one editor on stdin and stdout, or on a port; gives the exit code.

    ``live`` is how to look at the live organization; without it, nothing is asked anywhere.
    """
    server = Server(live)
    try:
        return _serve(server, host, port)
    finally:
        server.close()


def _serve(server: Server, host: str, port: int | None) -> int:
    if port is not None:
        server.start_tcp(host, port)
        return server.exit_code
    # what else is written to stdout would not be a message: it goes where errors go
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server.start_io(sys.stdin.buffer, out)
    return server.exit_code
