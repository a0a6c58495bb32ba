"""Where the client connects, with which key, and what stands between."""

import asyncio
from base64 import b64encode
from pathlib import Path

import pytest

from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.diagnostics import UnreachableError, UsageError
from reconciler.values.sent import Row
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


@pytest.mark.parametrize("host", ["a\x7f.example", "\u200d.example", "xn--\ud800.example"])
def test_a_name_that_cannot_be_one_is_told(host: str) -> None:
    with pytest.raises(UsageError, match="is not an http"):
        ApiClient(Connection.checked(f"https://{host}/v1", "key"))


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


@pytest.mark.parametrize(
    ("variable", "no_proxy", "reached"),
    [
        ("https_proxy", "", True),
        ("HTTPS_PROXY", "", True),
        ("ALL_PROXY", "", True),
        ("https_proxy", "api.example.invalid", False),
        ("ALL_PROXY", "localhost, .example.invalid", False),
    ],
)
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_elsewhere_the_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, no_proxy: str, reached: bool, scheme: str
) -> None:
    monkeypatch.setenv("no_proxy", no_proxy)
    seen, _ = _by_proxy(monkeypatch, variable, scheme)
    assert bool(seen) is reached
    assert {f"{one.method} {one.target}" for one in seen} <= {"CONNECT api.example.invalid:443"}


def test_a_proxy_never_gets_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = _by_proxy(monkeypatch, "https_proxy", "http://")
    assert seen
    assert not [one for one in seen if "sk_live_secret" in str(one.headers)]


def test_a_proxy_gets_its_own_name_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, said = _by_proxy(monkeypatch, "https_proxy", "http://jane%40corp:sesame@", 407)
    wanted = f"Basic {b64encode(b'jane@corp:sesame').decode()}"
    assert [one.headers["proxy-authorization"] for one in seen] == [wanted]
    assert "the proxy wants a name and a password (407)" in said
    assert "sesame" not in said


def _by_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str, status: int = 403
) -> tuple[list[Request], str]:
    """Read through a proxy that refuses; gives what it was asked, and what the user is told."""
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        return Reply(status)

    with front(rule) as url:
        monkeypatch.setenv(variable, url.removesuffix("/v1").replace("http://", scheme))
        with pytest.raises(UnreachableError) as caught:
            _read_far_away()
    return seen, f"{caught.value.message} {caught.value.hint}"


def _read_far_away() -> list[Row]:
    async def read() -> list[Row]:
        connection = Connection.checked("https://api.example.invalid/v1", "sk_live_secret")
        async with ApiClient(connection) as client:
            return await client.read(CONTACTS, ["id"], [])

    return asyncio.run(read())


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1080", "http://proxy:port", "http://", "http://[::1"]
)
def test_a_proxy_that_cannot_be_used_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(UsageError, match="HTTPS_PROXY"):
        _read_far_away()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("name", ["gone", "no-certificate"])
def test_certificates_that_are_not_there_are_told_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, name: str
) -> None:
    (tmp_path / "no-certificate").write_text("nothing of that kind\n")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / name))
    with pytest.raises(UsageError, match=f"{variable} names '.*{name}'"):
        _read_far_away()


def test_plain_http_where_https_is_expected_is_told_at_once() -> None:
    async def read(url: str) -> None:
        async with ApiClient(Connection.checked(url.replace("http:", "https:"), "key")) as client:
            await client.read(CONTACTS, ["id"], [])

    with (
        front(lambda _, __: Reply(200)) as url,
        pytest.raises(UnreachableError, match="what answers there is no https"),
    ):
        asyncio.run(read(url))
