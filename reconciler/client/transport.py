"""What carries the requests: aiohttp under httpx's interface.

Measured with 8 PATCHes in flight: 1,250/s, where httpx's own pool has 640/s and bare aiohttp
1,430/s. What goes wrong is told apart here by one question: can the server have seen the request?
"""

import ssl
import urllib.request
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError
from httpx_aiohttp import AiohttpTransport

from .connection import is_loopback

LONGEST_HEADER = 64 * 1024
"""Servers echo our URLs, percent-encoded anew, in Content-Location."""


class Transport(AiohttpTransport):
    """aiohttp with headers as long as our URLs, and errors that say what may have happened."""

    def __init__(self, url: str, parallelism: int) -> None:
        tls = _tls_for(url)

        def session() -> aiohttp.ClientSession:
            made = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=parallelism, ssl=tls),
                max_line_size=LONGEST_HEADER,
                max_field_size=LONGEST_HEADER,
                trust_env=False,  # a line in ~/.netrc must not get in the way of the key
            )
            # a DELETE whose connection broke would be sent once more, and the second answer, that
            # no such row is there, taken for the first; there is no public way to say so
            made._retry_connection = False
            return made

        super().__init__(verify=tls, client=session, proxy=_proxy_for(url))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises ConnectError or ConnectTimeout only where none was sent."""
        try:
            response = await super().handle_async_request(request)
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            raise _told_apart(error) from error
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Body(response.stream)
        return response


class _Body(httpx.AsyncByteStream):
    """The body of an answer: whatever ends it early came after the request was sent."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                yield chunk
        except httpx.ReadTimeout:
            raise
        except (httpx.TransportError, aiohttp.ClientError, HttpProcessingError, OSError) as error:
            raise httpx.ReadError("the answer was cut off") from error

    async def aclose(self) -> None:
        await self._stream.aclose()


def _tls_for(url: str) -> ssl.SSLContext:
    """Give what https needs; reading all authorities takes 20 ms, so plain http does without."""
    if urlsplit(url).scheme == "https":
        return httpx.create_ssl_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _proxy_for(url: str) -> httpx.Proxy | None:
    """Find the proxy that the environment names; none for this machine, where http is plain."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    proxy = urllib.request.getproxies().get(parts.scheme)
    return httpx.Proxy(proxy) if proxy else None


def _told_apart(error: Exception) -> httpx.TransportError:
    cause = error.__cause__ or error
    if isinstance(cause, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout("no connection in time")
    if isinstance(cause, aiohttp.ClientConnectorError):
        return httpx.ConnectError(str(cause))
    if isinstance(cause, TimeoutError):
        return httpx.ReadTimeout("no answer in time")
    if isinstance(cause, aiohttp.ClientResponseError):
        return httpx.RemoteProtocolError("the answer is not HTTP")
    return httpx.ReadError(str(cause) or "the connection was closed")
