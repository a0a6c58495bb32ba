"""What carries the requests: aiohttp under httpx's interface.

Measured with 8 PATCHes in flight: 1,250/s, where httpx's own pool has 640/s and bare aiohttp
1,430/s. What goes wrong is told apart here by one question: can the server have seen the request?
"""

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

LONGEST_HEADER = 64 * 1024
"""Servers echo our URLs, percent-encoded anew, in Content-Location."""


class Transport(AiohttpTransport):
    """aiohttp with headers as long as our URLs, and errors that say what may have happened."""

    def __init__(self, parallelism: int) -> None:
        tls = httpx.create_ssl_context()

        def session() -> aiohttp.ClientSession:
            return aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=parallelism, ssl=tls),
                max_line_size=LONGEST_HEADER,
                max_field_size=LONGEST_HEADER,
                trust_env=True,
            )

        super().__init__(client=session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises ConnectError or ConnectTimeout only where none was sent."""
        try:
            return await super().handle_async_request(request)
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            raise _told_apart(error) from error


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
