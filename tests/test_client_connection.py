"""Where the client connects, with which key, and what stands between."""

import asyncio
from pathlib import Path

import pytest

from reconciler.change import Row
from reconciler.client import Client, Connection
from reconciler.errors import UnreachableError, UsageError
from tests.api import ask
from tests.builders import KINDS
from tests.front import Forward, Reply, Request, closed_port, front
from tests.organization import Organization

pytestmark = pytest.mark.usefixtures("impatient")

CONTACTS = KINDS["contacts"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.bookingmood.com",
        "ftp://api.bookingmood.com/v1",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://localhost:99999",
        "http://localhost:port",
        "http://api.bookingmood.com/v1",
        "http://10.0.0.5/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com/v1",
        "https://sk_live_secret@api.bookingmood.com/v1",
        "https://user:sk_live_secret@api.bookingmood.com/v1",
        "ftp://user:sk_live_secret@api.bookingmood.com/v1",
        "https://api.bookingmood.com/v1?apikey=sk_live_secret",
        "https://api.bookingmood.com/v1#sk_live_secret",
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Connection.checked(url, "key")
    assert "sk_live_secret" not in caught.value.message + str(caught.value.hint)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://api.bookingmood.com/v1", "https://api.bookingmood.com/v1"),
        ("https://api.bookingmood.com/v1/", "https://api.bookingmood.com/v1"),
        ("http://localhost:8787/v1", "http://localhost:8787/v1"),
        ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
        ("http://[::1]:8787/v1", "http://[::1]:8787/v1"),
    ],
)
def test_an_address_is_taken(url: str, base: str) -> None:
    assert Connection.checked(url, "key").url == base


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "sché", "a\x00b", "a\x1bb", "a\x7f"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(UsageError, match="API key") as caught:
        Connection.checked("https://api.bookingmood.com/v1", key)
    assert not key.strip() or key not in caught.value.message


def test_the_key_is_trimmed_and_never_shown() -> None:
    connection = Connection.checked("https://api.bookingmood.com/v1", "  secret\n")
    assert connection.key == "secret"
    assert "secret" not in repr(connection)


def test_neither_netrc_nor_a_proxy_gets_in_the_way_on_this_machine(
    organization: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.headers["authorization"])
        return forward(request)

    ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert seen == [f"Bearer {organization.key}"]


@pytest.mark.parametrize(("no_proxy", "reached"), [("", True), ("api.example.invalid", False)])
def test_elsewhere_the_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, reached: bool
) -> None:
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(f"{request.method} {request.target}")
        return Reply(403)

    async def read() -> list[Row]:
        connection = Connection.checked("https://api.example.invalid/v1", "secret")
        async with Client(connection) as client:
            return await client.read(CONTACTS, ["id"], [])

    with front(rule) as url:
        monkeypatch.setenv("https_proxy", url.removesuffix("/v1"))
        monkeypatch.setenv("no_proxy", no_proxy)
        with pytest.raises(UnreachableError):
            asyncio.run(read())
    assert bool(seen) is reached
    assert set(seen) <= {"CONNECT api.example.invalid:443"}
