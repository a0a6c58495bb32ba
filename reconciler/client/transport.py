"""What carries the requests: aiohttp, and the one place where what it raises is told apart.

Two things matter to whoever sends a write: can the server have seen the request, and is there any
use in trying again? aiohttp's errors do not say the first (a refused port and a dropped answer
may look alike), so a connection that was there is noted when it is there.
"""

import asyncio
import errno
import os
import re
import socket
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Protocol, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from .connection import Connection
from .surroundings import proxy_for, tls_for
from .unpack import BrokenError, unpacked

LONGEST_HEADER = 64 * 1024
"""Servers echo our URLs, percent-encoded anew, in Content-Location."""
MOST_HEADERS = 1000
LONGEST_CONNECT = 10.0
"""Seconds to reach the server, where ``--timeout`` leaves more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of an answer, read whole and unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TransportError(Exception):
    """There is no answer; says why, without any value of the request."""


class NoConnectionError(TransportError):
    """Nothing was sent.

    ``plain`` tells that people rather mistyped something than that it will pass, ``lasting`` that
    it surely will not.
    """

    def __init__(self, reason: str, *, plain: bool = False, lasting: bool = False) -> None:
        super().__init__(reason)
        self.plain = plain or lasting
        self.lasting = lasting


class NoAnswerError(TransportError):
    """The request was sent, or may have been, and no whole answer came."""


class OutOfTimeError(NoAnswerError):
    """The answer was not there in time, or not all of it."""


class Carrier(Protocol):
    """Carries requests; raises TransportError, and TooLargeError or EncodingError of an answer."""

    async def __aenter__(self) -> Self:
        """Begin."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""

    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send one request, by its path and query, and read the answer."""


class Transport:
    """Carries requests to one API; each has one deadline, its headers and body included."""

    def __init__(self, connection: Connection, headers: Mapping[str, str]) -> None:
        self._connection = connection
        self._headers = headers
        self._base = str(URL(connection.url))
        self._proxy = proxy_for(connection.url)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the connection pool."""
        soonest = min(self._connection.timeout, LONGEST_CONNECT)
        self._session = aiohttp.ClientSession(
            connector=_Connector(tls_for(self._connection.url)),
            cookie_jar=aiohttp.DummyCookieJar(),
            # not the key: what a session has for every request, it sends to a proxy, too
            headers={"Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, connect=soonest),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_HEADERS,
            auto_decompress=False,
            trust_env=False,  # a line in ~/.netrc must not get in the way of the key
        )
        # a DELETE whose connection broke would be sent once more, and the second answer, that
        # no such row is there, taken for the first; there is no public way to say so
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection pool."""
        assert self._session
        await self._session.close()

    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send one request, byte by byte as it is written, and read the answer."""
        assert self._session
        passage = _Passage()
        _PASSAGE.set(passage)
        url = URL(self._base + target, encoded=True)
        seconds = self._connection.timeout
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    method,
                    url,
                    headers={**self._headers, **headers},
                    data=body,
                    allow_redirects=False,
                    proxy=self._proxy,
                ) as response,
            ):
                encodings = response.headers.getall("Content-Encoding", [])
                content = await unpacked(response.content.iter_any(), encodings)
                return Answer(response.status, response.headers, content)
        except TimeoutError as error:
            if not passage.connected:
                raise NoConnectionError("no connection in time") from error
            raise OutOfTimeError(f"the time ran out ({seconds:g} s)") from error
        except BrokenError as error:
            raise NoAnswerError(f"it {error}") from error
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            if not passage.connected:
                raise _no_connection(error) from error
            raise NoAnswerError(_why_no_answer(error)) from error


@dataclass(slots=True)
class _Passage:
    """Whether a request had a connection to be sent on."""

    connected: bool = False


_PASSAGE: ContextVar[_Passage] = ContextVar("passage")


class _Connector(aiohttp.TCPConnector):
    """Notes for each request that there was a connection: from then on it may have been sent."""

    def __init__(self, tls: ssl.SSLContext | bool) -> None:
        super().__init__(limit=0, ssl=tls)
        # there is no public way to say who reads the answers
        self._factory = partial(_Handler, loop=self._loop)  # type: ignore[assignment]  # is one

    async def connect(
        self,
        req: "aiohttp.ClientRequest",
        traces: "list[aiohttp.tracing.Trace]",
        timeout: "aiohttp.ClientTimeout",  # noqa: ASYNC109 (as aiohttp calls it)
    ) -> "aiohttp.connector.Connection":
        """Find or make a connection."""
        connection = await super().connect(req, traces, timeout)
        _PASSAGE.get().connected = True
        return connection


class _Handler(ResponseHandler):
    """Lets a length that stands twice, with one value, count once, as HTTP allows."""

    def data_received(self, data: bytes) -> None:
        """Take what arrived; a head comes in one piece, nearly always."""
        if data.startswith(b"HTTP/"):
            head, end, rest = data.partition(b"\r\n\r\n")
            if len(lengths := _LENGTH.findall(head)) > 1 and len(set(lengths)) == 1:
                once = b"\r\nContent-Length: " + lengths[0]
                data = _LENGTH.sub(b"", head) + once + end + rest
        super().data_received(data)


_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*(\d+)[ \t]*(?=\r|\Z)", re.IGNORECASE)


def _no_connection(error: Exception) -> NoConnectionError:
    """Say why the server was not reached; aiohttp's own words speak of its options."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
        return NoConnectionError(f"the certificate of {error.host}: {why}", lasting=True)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(error.status)
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    through = "the proxy: " if isinstance(error, aiohttp.ClientProxyConnectionError) else ""
    if isinstance(cause, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
        return NoConnectionError(f"{through}the name has no address", plain=True)
    if isinstance(cause, ssl.SSLError):
        why = f"TLS could not begin ({cause.reason or 'no reason given'})"
        if cause.reason == "WRONG_VERSION_NUMBER":
            return NoConnectionError(f"{why}: what answers there is no https", plain=True)
        return NoConnectionError(why)
    if isinstance(cause, ConnectionRefusedError) or _number(cause) == errno.ECONNREFUSED:
        return NoConnectionError(f"{through}the connection was refused", plain=True)
    return NoConnectionError(through + _of_system(cause))


def _refused_by_proxy(status: int) -> NoConnectionError:
    """Say what a proxy wants; what it refuses by a rule, it will refuse again."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        wants = "the proxy wants a name and a password (407): HTTPS_PROXY takes"
        return NoConnectionError(f"{wants} http://NAME:PASSWORD@HOST:PORT", lasting=True)
    plain = status < HTTPStatus.INTERNAL_SERVER_ERROR
    return NoConnectionError(f"the proxy answered {status}", plain=plain)


def _why_no_answer(error: Exception) -> str:
    """Say why no answer came; what arrived instead may hold anything, and is not told."""
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed"
    if isinstance(error, aiohttp.ClientPayloadError | HttpProcessingError):
        return "the answer was cut off, or is not HTTP"
    if isinstance(error, aiohttp.ClientResponseError):
        words = error.message.strip().partition("\n")[0].partition(" when reading")[0]
        return f"the answer is not HTTP ({words.rstrip(':') or 'unknown'})"
    return _of_system(error)


def _of_system(error: Exception) -> str:
    number = _number(error)
    return os.strerror(number) if number else type(error).__name__


def _number(error: Exception) -> int | None:
    return error.errno if isinstance(error, OSError) and (error.errno or 0) > 0 else None
