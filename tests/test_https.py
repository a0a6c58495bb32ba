"""The command over https, in a process of its own: whom it trusts, against a server with TLS."""

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from tests.sandbox_server import ROOT

KEY = "key-of-https"


class Keys(BaseHTTPRequestHandler):
    """Refuses everything, and notes which keys it was shown."""

    shown: list[str | None]

    def do_GET(self) -> None:
        self.shown.append(self.headers["authorization"])
        self.send_response(404)
        self.end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def shown() -> list[str | None]:
    return []


@pytest.fixture
def url(authority: trustme.CA, shown: list[str | None]) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    handler = type("KeysOfOne", (Keys,), {"shown": shown})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"https://localhost:{server.server_port}/v1"
        server.shutdown()


def plan(url: str, **environment: str) -> str:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "plan", "examples/links", "--api-url", url],
        env=ours | {"BOOKINGMOOD_API_KEY": KEY} | environment,
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    return done.stderr


def test_a_server_that_nobody_vouches_for_never_sees_the_key(
    url: str, shown: list[str | None]
) -> None:
    assert "the certificate of localhost" in plan(url)
    assert shown == []


def test_an_authority_of_ones_own_is_trusted(
    url: str, shown: list[str | None], authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    told = plan(url, SSL_CERT_FILE=str(tmp_path / "authority.pem"))
    assert "GET /organizations" in told
    assert "404" in told
    assert shown == [f"Bearer {KEY}"]
