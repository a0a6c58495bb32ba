"""What carries the requests of httpx: aiohttp, and the one place where its errors are told apart.

Two things matter to whoever sends a write: can the server have seen the request, and is there any
use in trying again? aiohttp's errors do not say the first (a refused port and a dropped answer
may look alike), so a connection that was there is noted when it is there. What is raised are
httpx's own errors: ConnectError and ConnectTimeout where nothing was sent, ReadError and
ReadTimeout where the request was sent, or may have been, and no whole answer came.
"""

import asyncio
import errno
import os
import re
import socket
import ssl
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
import httpx
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


_ASKED_FOR = frozenset({b"content-range", b"retry-after"})
"""Headers of an answer that somebody reads; httpx takes time for each. Its body is whole."""
_OF_AIOHTTP = frozenset({b"host", b"content-length"})
"""Headers that aiohttp writes itself."""
_SMALL = 7
"""So many digits of a Content-Length stay below what an answer may have."""


class MistypedError(httpx.ConnectError):
    """Before the first answer of a run, somebody rather mistyped something than that it passes."""


class HopelessError(httpx.ConnectError):
    """It will be no better a second later: a bad certificate, a proxy that wants a password."""


class Body(httpx.ByteStream):
    """What is sent, in one piece."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.content = content


class WholeResponse(httpx.Response):
    """An answer that is read and unpacked already; httpx would take 40 µs to read it once more."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], content: bytes) -> None:
        super().__init__(status, headers=headers, stream=httpx.ByteStream(content))
        self._whole = content

    @property
    def content(self) -> bytes:
        """The body."""
        return self._whole

    async def aread(self) -> bytes:
        """Give the body."""
        return self._whole


class Transport(httpx.AsyncBaseTransport):
    """Carries requests to one API; each has one deadline, its headers and body included.

    Raises besides httpx's TransportErrors TooLargeError and EncodingError, of an answer.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._proxy = proxy_for(connection.url)
        self._origin = _origin_of(httpx.URL(connection.url))
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
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close the connection pool."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection pool."""
        if self._session:
            await self._session.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, byte by byte as it is written, and read the answer."""
        assert self._session
        body = await _body_of(request)
        passage = _Passage()
        _PASSAGE.set(passage)
        seconds = self._connection.timeout
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(
                    request.method,
                    self._url_of(request),
                    headers=_headers_of(tuple(request.headers.raw)),
                    data=body or None,
                    allow_redirects=False,
                    proxy=self._proxy,
                ) as response,
            ):
                content = await _content_of(response)
                headers = [h for h in response.raw_headers if h[0].lower() in _ASKED_FOR]
                return WholeResponse(response.status, headers, content)
        except TimeoutError as error:
            if not passage.connected:
                raise httpx.ConnectTimeout("no connection in time") from error
            raise httpx.ReadTimeout(f"the time ran out ({seconds:g} s)") from error
        except BrokenError as error:
            raise httpx.ReadError(f"it {error}") from error
        except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError) as error:
            if not passage.connected:
                raise _no_connection(error) from error
            raise httpx.ReadError(_why_no_answer(error)) from error

    def _url_of(self, request: httpx.Request) -> URL:
        """Give the address with the target as it was written: httpx would write escapes anew."""
        target: bytes | None = request.extensions.get("target")
        origin = self._origin if target else _origin_of(request.url)
        return URL(origin + (target or request.url.raw_path).decode("ascii"), encoded=True)


def _origin_of(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


async def _body_of(request: httpx.Request) -> bytes:
    if isinstance(request.stream, Body):
        return request.stream.content
    assert isinstance(request.stream, httpx.AsyncByteStream)
    return b"".join([part async for part in request.stream])


async def _content_of(response: aiohttp.ClientResponse) -> bytes:
    """Read the body; one that says how long it is, and is not packed, comes in one piece."""
    headers = response.headers
    length = headers.get("Content-Length", "")
    framed = "Content-Encoding" in headers or "Transfer-Encoding" in headers
    if not framed and length.isdecimal() and len(length) <= _SMALL:
        return await response.read()
    return await unpacked(response.content.iter_any(), headers.getall("Content-Encoding", []))


@lru_cache(1000)
def _headers_of(raw: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("ascii"), value.decode("ascii"))
        for name, value in raw
        if name.lower() not in _OF_AIOHTTP
    )


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


def _no_connection(error: Exception) -> httpx.ConnectError:
    """Say why the server was not reached; aiohttp's own words speak of its options."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        why = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
        return HopelessError(f"the certificate of {error.host}: {why}")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(error.status)
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    through = "the proxy: " if isinstance(error, aiohttp.ClientProxyConnectionError) else ""
    if isinstance(cause, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
        return MistypedError(f"{through}the name has no address")
    if isinstance(cause, ssl.SSLError):
        why = f"TLS could not begin ({cause.reason or 'no reason given'})"
        if cause.reason == "WRONG_VERSION_NUMBER":
            return MistypedError(f"{why}: what answers there is no https")
        return httpx.ConnectError(why)
    if isinstance(cause, ConnectionRefusedError) or _number(cause) == errno.ECONNREFUSED:
        return MistypedError(f"{through}the connection was refused")
    return httpx.ConnectError(through + _of_system(cause))


def _refused_by_proxy(status: int) -> httpx.ConnectError:
    """Say what a proxy wants; what it refuses by a rule, it will refuse again."""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        wants = "the proxy wants a name and a password (407): HTTPS_PROXY takes"
        return HopelessError(f"{wants} http://NAME:PASSWORD@HOST:PORT")
    of_a_rule = status < HTTPStatus.INTERNAL_SERVER_ERROR
    kind = MistypedError if of_a_rule else httpx.ConnectError
    return kind(f"the proxy answered {status}")


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
