"""Answers as they come over the wire: odd ones are read, bad ones end in plain words, in time."""

import gzip
import zlib
from collections.abc import Callable

import pytest

from reconciler.client.unpack import MAX_BODY
from reconciler.diagnostics import BadAnswerError, LostAnswerError, OutOfTimeError, UnreachableError
from tests.api import ask
from tests.builders import KINDS, foreign_id
from tests.front import Forward, Raw, Reply, Request
from tests.organization import Organization

pytestmark = pytest.mark.usefixtures("impatient")

CONTACTS = KINDS["contacts"]
ROW = {"id": foreign_id(1)}
BODY = b'[{"id": "%s"}]' % foreign_id(1).encode()
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


def raw(status: bytes = b"200 OK", head: bytes = LENGTH, body: bytes = BODY) -> Raw:
    return Raw(b"HTTP/1.1 " + status + b"\r\nContent-Range: 0-0/1\r\n" + head + b"\r\n" + body)


def bare(data: bytes) -> bytes:
    """Pack as deflate without its header, as some servers do."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def packed(name: bytes, body: bytes) -> Raw:
    return raw(head=b"Content-Encoding: " + name + b"\r\n", body=body)


def read(answer: Raw | Reply, organization: Organization, timeout: float = 30.0) -> object:
    def rule(request: Request, forward: Forward) -> Reply | Raw:
        return answer

    return ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization, timeout=timeout)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(raw(b"200 Tr\xe8s bien"), id="reason-in-latin-1"),
        pytest.param(raw(b"200 "), id="no-reason"),
        pytest.param(raw(head=b"X: y\r\n" * 300 + LENGTH), id="many-headers"),
        pytest.param(raw(head=b"X: " + b"y" * 60_000 + b"\r\n" + LENGTH), id="long-header"),
        pytest.param(raw(head=LENGTH * 2), id="length-twice"),
        pytest.param(raw(head=b""), id="no-length"),
        pytest.param(packed(b"gzip", gzip.compress(BODY)), id="gzip"),
        pytest.param(packed(b"GZip", gzip.compress(BODY)), id="capitals"),
        pytest.param(packed(b"x-gzip", gzip.compress(BODY)), id="x-gzip"),
        pytest.param(
            packed(b"gzip", gzip.compress(BODY[:5]) + gzip.compress(BODY[5:])), id="two-parts"
        ),
        pytest.param(packed(b"deflate", zlib.compress(BODY)), id="deflate"),
        pytest.param(packed(b"deflate", bare(BODY)), id="deflate-without-header"),
        pytest.param(packed(b"identity", BODY), id="identity"),
        pytest.param(packed(b"identity, gzip", gzip.compress(BODY)), id="identity-and-gzip"),
    ],
)
def test_a_legal_answer_is_read(organization: Organization, answer: Raw) -> None:
    assert read(answer, organization) == [ROW]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (packed(b"br", BODY), BadAnswerError, "is encoded as 'br', which was not asked for"),
        (packed(b"gzip, gzip", b""), BadAnswerError, "is encoded as 'gzip, gzip'"),
        (
            packed(b"gzip\r\nContent-Encoding: gzip", gzip.compress(gzip.compress(BODY))),
            BadAnswerError,
            "is encoded as 'gzip, gzip'",
        ),
        (packed(b"gzip", BODY), UnreachableError, "it is not gzip, as its header says"),
        (packed(b"gzip", gzip.compress(BODY)[:-9]), UnreachableError, "it was cut off"),
        (
            packed(b"gzip", gzip.compress(b" " * (MAX_BODY + 1))),
            BadAnswerError,
            "is over 64 MiB",
        ),
        (raw(head=b"Content-Length: 9\r\nContent-Length: 10\r\n"), UnreachableError, "not HTTP"),
        (Raw(b"SSH-2.0-OpenSSH_9.6\r\n"), UnreachableError, "the answer is not HTTP"),
        (Raw(b""), UnreachableError, "the connection was closed"),
    ],
)
def test_a_bad_answer_is_told_in_plain_words(
    organization: Organization, answer: Raw, error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        read(answer, organization)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


DRIPPED = {
    "headers": Raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9999, pause=0.01),
    "body": Raw(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 9999, pause=0.01),
}


@pytest.mark.parametrize("part", DRIPPED)
def test_an_answer_that_drips_has_one_deadline(organization: Organization, part: str) -> None:
    with pytest.raises(OutOfTimeError, match=r"the time ran out \(0.1 s\)"):
        read(DRIPPED[part], organization, timeout=0.1)


def test_a_write_whose_answer_drips_is_lost(organization: Organization) -> None:
    def rule(request: Request, forward: Forward) -> Raw:
        return DRIPPED["headers"]

    with pytest.raises(LostAnswerError, match="the time ran out"):
        ask(rule, lambda c: c.create(CONTACTS, [{}]), organization, timeout=0.1)


@pytest.mark.parametrize(
    "late",
    [
        Raw(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 9999, pause=0.01),
        packed(b"gzip", gzip.compress(b" " * (MAX_BODY + 1))),
    ],
)
def test_a_page_that_is_too_much_is_asked_for_in_quarters(
    organization: Organization, late: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.client.retries._SECOND", 1.0)
    organization.insert_all("contacts", [{} for _ in range(100)])
    limits: list[int] = []

    def rule(request: Request, forward: Forward) -> Reply | Raw:
        limits.append(int(request.query.partition("limit=")[2]))
        return late if limits[-1] > 62 else forward(request)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization, timeout=0.5)
    assert isinstance(rows, list)
    assert len({row["id"] for row in rows}) == len(rows) == 100
    assert limits == [1000, 250, 62, 62]


@pytest.mark.parametrize(
    "target",
    ["%2a", "%7E", "a%2Fb", "'", "%C3%A9", "(a,b)", "%25", "[a]", "a+b", "%2E%2e%2F..", "a|b"],
)
def test_what_is_sent_is_what_was_written(
    organization: Organization, target: str, written: Callable[[str], str]
) -> None:
    assert written(target) == f"/v1/contacts?notes=eq.{target}"


@pytest.fixture
def written(organization: Organization) -> Callable[[str], str]:
    """Send a query, and look at what arrives."""

    def send(query: str) -> str:
        seen: list[str] = []

        def rule(request: Request, forward: Forward) -> Reply:
            seen.append(request.target)
            return Reply(200, b"[]")

        ask(rule, lambda c: c._http.read(f"/contacts?notes=eq.{query}", {}), organization)
        return seen[0]

    return send
