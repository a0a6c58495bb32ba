"""One request with its retries: the layer between the typed client and what carries it."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from types import TracebackType

import httpx

from .. import __version__
from ..diagnostics import (
    BadAnswerError,
    LostAnswerError,
    NotSentError,
    OutOfTimeError,
    TooLargeError,
    UnreachableError,
    UsageError,
)
from .connection import Connection
from .limiter import Limiter
from .listening import Exchange, told
from .retries import Patience, leaves_open, may_pass, retry_after
from .transport import Body, HopelessError, MistypedError, Transport
from .unpack import UnpackedTooLargeError

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)
"""What is raised where the server cannot have seen the request."""

SECONDS_UNTOLD = 1.0
LONG_PAUSE = 3.0
LONGEST_LAST_WAIT = 1.0
"""Seconds that a read may still wait in a run that was stopped."""


class Http:
    """Send requests to one API with one key, a bounded number of them at a time."""

    def __init__(
        self,
        connection: Connection,
        *,
        parallelism: int,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = connection
        self._key = connection.key.encode()
        self._limiter = Limiter(parallelism)
        self._hurried = asyncio.Event()
        self._reached = False
        self._told = False
        self._to = _Requests(connection)  # first: it says what is wrong with the address
        self._transport = transport or Transport(connection)

    async def __aenter__(self) -> "Http":
        """Open the connection pool."""
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection pool."""
        await self._transport.__aexit__(kind, error, trace)

    def drain(self) -> None:
        """Send no write any more that would have to wait."""
        self._hurried.set()

    def patience(self) -> Patience:
        """Give what bounds all tries of one request."""
        return Patience(self._connection.retry_for, self._connection.max_wait)

    async def read(
        self, target: str, headers: Mapping[str, str], patience: Patience | None = None
    ) -> httpx.Response:
        """Send a GET; whatever may pass is tried again.

        With ``patience``, what runs out of time is left to the caller, who may ask for less.
        """
        with self._listened("GET", target) as exchange:
            return await self._read(target, headers, patience, exchange)

    async def _read(
        self,
        target: str,
        headers: Mapping[str, str],
        patience: Patience | None,
        exchange: Exchange,
    ) -> httpx.Response:
        request = _Request("GET", target, headers, None, patience or self.patience(), exchange)
        while True:
            try:
                answer = await self._once(request)
            except NOT_SENT as error:
                await self._wait_to_reach(request, error)
            except httpx.TransportError as error:
                lost = self._lost(request, error)
                if patience and isinstance(error, httpx.ReadTimeout):
                    raise lost from error
                await self._wait_or_raise(request, lost)
            else:
                if not may_pass(answer) or not await self._waited(
                    request, f"got {answer.status_code}"
                ):
                    return answer

    async def write(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> httpx.Response:
        """Send a write; tried again only where it surely was not executed.

        Raises LostAnswerError where nobody knows whether it was.
        """
        with self._listened(method, target) as exchange:
            request = _Request(method, target, headers, body, self.patience(), exchange)
            return await self._written(request)

    def _listened(self, method: str, target: str) -> AbstractContextManager[Exchange]:
        return told(self._connection.listener, Exchange.of(method, target))

    async def _written(self, request: "_Request") -> httpx.Response:
        while True:
            try:
                answer = await self._once(request)
            except NOT_SENT as error:
                await self._wait_to_reach(request, error)
            except httpx.TransportError as error:
                raise self._lost(request, error) from error
            else:
                if leaves_open(answer):
                    raise _left_open(request, answer)
                if answer.status_code != 429 or not await self._waited(request, "got 429"):
                    return answer

    async def _once(self, request: "_Request") -> httpx.Response:
        waits = self._limiter.is_full
        async with self._limiter.slot():
            if waits and self._hurried.is_set() and request.method != "GET":
                raise NotSentError.stopped()
            await self._keep_pause(request)
            sent = time.monotonic()
            request.exchange.tries += 1
            request.exchange.status = None
            request.exchange.sent += len(request.body or b"")
            try:
                answer = await self._transport.handle_async_request(self._to.build(request))
                await answer.aread()
            except httpx.DecodingError as error:
                raise _bad_answer(request, error) from error
        self._reached = True
        request.exchange.status = answer.status_code
        request.exchange.received += len(answer.content)
        if answer.status_code in {429, 503}:
            self._limiter.shrink(sent, retry_after(answer.headers.get("retry-after")))
        else:
            self._limiter.grow()
        if 300 <= answer.status_code < 400:
            raise _redirected(request, answer)
        if answer.status_code >= 400:  # some servers echo what they got
            words = answer.content.replace(self._key, b"(API key)")
            return httpx.Response(answer.status_code, content=words)
        self._tell_end()
        return answer

    async def _keep_pause(self, request: "_Request") -> None:
        """Keep a pause that the server asked for; raises UnreachableError where it is too long."""
        while (seconds := self._limiter.pause) > 0:
            now = datetime.now().astimezone()
            until = (
                f"{now + timedelta(seconds=seconds):{'%H:%M' if seconds < 43200 else '%F %H:%M'}}"
            )
            if not request.patience.pause(seconds):
                raise UnreachableError(
                    f"the server asks for {seconds:,.0f} s before the next request,"
                    f" more than --max-wait {self._connection.max_wait:g}",
                    method=request.method,
                    path=request.path,
                    hint=f"run it again after {until}, or give a longer --max-wait",
                )
            if seconds > LONG_PAUSE and self._limiter.first_to_tell():
                self._connection.tell(
                    f"the server asks for {seconds:,.0f} s; waiting until {until},"
                    " Ctrl-C stops safely"
                )
            await self._wait(request, seconds)

    async def _wait_to_reach(self, request: "_Request", error: httpx.TransportError) -> None:
        """Wait where nothing was sent; raises UnreachableError where that is no use."""
        unreachable = UnreachableError(
            f"no connection to {self._connection.url}: {error}",
            method=request.method,
            path=request.path,
            hint="check the network and the API address (BOOKINGMOOD_API_URL)",
        )
        untried = not (self._reached or self._connection.insists)
        mistyped = isinstance(error, MistypedError) and untried
        if mistyped or isinstance(error, HopelessError):
            raise unreachable from error
        await self._wait_or_raise(request, unreachable)

    async def _wait_or_raise(self, request: "_Request", error: UnreachableError) -> None:
        if not await self._waited(request, error.message):
            raise error

    async def _waited(self, request: "_Request", why: str) -> bool:
        """Wait before another try; false where the request was tried long enough."""
        seconds = request.patience.wait()
        if seconds is None:
            return False
        if request.patience.failing > SECONDS_UNTOLD and not self._told:
            self._told = True
            about = why if why.startswith("no ") else f"{request.method} {request.path} {why}"
            bound = self._connection.retry_for
            self._connection.tell(f"{about}; trying again for up to {bound:g} s (--retry-for)")
        if self._limiter.pause < seconds:  # else the server said how long
            await self._wait(request, seconds)
        return True

    def _tell_end(self) -> None:
        if self._told:
            self._told = False
            self._connection.tell("the server answers again")

    async def _wait(self, request: "_Request", seconds: float) -> None:
        """Wait before a request is sent; in a run that was stopped there is no time for that."""
        if request.method == "GET" and seconds <= LONGEST_LAST_WAIT:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)
            if request.method == "GET":
                why = "the run was stopped while it waited to be sent"
                raise UnreachableError(why, method="GET", path=request.path)
            raise NotSentError.stopped()

    def _lost(self, request: "_Request", error: httpx.TransportError) -> UnreachableError:
        late = isinstance(error, httpx.ReadTimeout)
        kind = OutOfTimeError if late else UnreachableError
        return (kind if request.method == "GET" else LostAnswerError)(
            f"no answer to {request.method} {request.path}: {error}",
            method=request.method,
            path=request.path,
            hint="give more time with --timeout, or look at the network"
            if late
            else "check the network, then run the command again",
        )


class _Request:
    """What is sent, how long it may be tried, and what is told of it."""

    def __init__(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        patience: Patience,
        exchange: Exchange,
    ) -> None:
        self.exchange = exchange
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.patience = patience

    @property
    def path(self) -> str:
        """The path without the query, which may hold personal values."""
        return self.target.partition("?")[0]


class _Requests:
    """Builds what the transport is given.

    httpx takes 0.1 ms to read a URL and half of that to look at a body. So the URLs of the kinds
    are kept, without their queries (the target says all, byte by byte as it is to be sent), and
    a body comes with its length. The headers are kept, too: they differ in that length only.
    """

    def __init__(self, connection: Connection) -> None:
        """Take the address apart; raises UsageError where it is none."""
        self._url = connection.url
        try:
            base = httpx.URL(connection.url)
        except httpx.InvalidURL as error:
            raise UsageError(
                f"the API address is not an http(s) address: {error}",
                hint="set BOOKINGMOOD_API_URL",
            ) from error
        self._base = base.raw_path.rstrip(b"/")
        self._headers = {
            "Host": base.netloc.decode("ascii"),
            "Authorization": f"Bearer {connection.key}",
            "Accept": "application/json",
            "User-Agent": f"reconciler/{__version__}",
        }
        self._headers_of = lru_cache(1000)(self._all_headers)

    def build(self, request: _Request) -> httpx.Request:
        """Build one request."""
        body = request.body or b""
        return httpx.Request(
            request.method,
            _url_of(self._url + request.path),
            headers=self._headers_of(tuple(request.headers.items()), len(body)),
            stream=Body(body),
            extensions={"target": self._base + request.target.encode("ascii")},
        )

    def _all_headers(self, more: tuple[tuple[str, str], ...], length: int) -> httpx.Headers:
        with_length = {"Content-Length": str(length)} if length else {}
        return httpx.Headers({**self._headers, **dict(more), **with_length})


_url_of = lru_cache(1000)(httpx.URL)
"""Clients of many organizations ask for the same kinds."""


def _left_open(request: _Request, answer: httpx.Response) -> LostAnswerError:
    status = answer.status_code
    return LostAnswerError(
        f"{request.method} {request.path} got {status}: nobody knows whether it is done",
        method=request.method,
        path=request.path,
        status=status,
    )


def _redirected(request: _Request, answer: httpx.Response) -> BadAnswerError:
    return BadAnswerError(
        f"{request.method} {request.path} was redirected; redirects are not followed",
        method=request.method,
        path=request.path,
        status=answer.status_code,
        hint="set the API address (BOOKINGMOOD_API_URL) to where the API really is",
    )


def _bad_answer(request: _Request, error: Exception) -> BadAnswerError:
    large = isinstance(error, UnpackedTooLargeError)
    return (TooLargeError if large else BadAnswerError)(
        f"the answer to {request.method} {request.path} {error}",
        method=request.method,
        path=request.path,
        hint=None if large else "look at what stands between (a proxy, a cache)",
    )
