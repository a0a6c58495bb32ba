"""One request with its retries: the layer between the typed client and httpx."""

import asyncio
import email.utils
import math
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

import httpx

from .. import __version__
from ..errors import BadAnswerError, LostAnswerError, NotSentError, UnreachableError
from .connection import Connection
from .limiter import Limiter
from .transport import Transport

TRIES = 5
LONGEST_WAIT = 60.0
MAX_BODY = 64 * 1024 * 1024
_SHORT_WAIT = 0.25
_PASSING = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of an answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    """Send requests to one API with one key, a bounded number of them at a time."""

    def __init__(
        self,
        connection: Connection,
        *,
        parallelism: int,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = connection.url
        self._key = connection.key.encode()
        self._limiter = Limiter(parallelism)
        self._hurried = asyncio.Event()
        self._http = httpx.AsyncClient(
            headers={
                "Authorization": f"Bearer {connection.key}",
                "Accept": "application/json",
                "User-Agent": f"reconciler/{__version__}",
            },
            timeout=httpx.Timeout(connection.timeout, connect=min(connection.timeout, 10.0)),
            transport=transport or Transport(connection.url, parallelism),
            follow_redirects=False,
        )

    async def __aenter__(self) -> "Http":
        """Open the connection pool."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection pool."""
        await self._http.__aexit__(kind, error, trace)

    def hurry(self) -> None:
        """Send no write any more that would have to wait."""
        self._hurried.set()

    async def read(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Send a GET; whatever may pass is tried again."""
        return await self._with_retries("GET", target, headers, None, repeatable=True)

    async def write(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send a write; tried again only where it surely was not carried out.

        Raises LostAnswerError where nobody knows whether it was.
        """
        return await self._with_retries(method, target, headers, body, repeatable=False)

    async def _with_retries(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        repeatable: bool,
    ) -> Answer:
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                answer = await self._once(method, target, headers, body, repeatable=repeatable)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                if last:
                    raise self._unreachable(method, target, error) from error
                wait = _backoff(attempt)
            except httpx.HTTPError as error:
                if last or not repeatable:
                    raise self._lost(method, target, error, repeatable=repeatable) from error
                wait = _backoff(attempt)
            else:
                if answer.status not in _PASSING or last:
                    return self._settled(method, target, answer, repeatable=repeatable)
                if answer.status != 429 and not repeatable:
                    return self._settled(method, target, answer, repeatable=repeatable)
                # with Retry-After the limiter holds everybody back; a little apart, then
                wait = _backoff(0 if answer.headers.get("retry-after") else attempt)
            await self._wait(wait, repeatable=repeatable)
        raise AssertionError("the last try returns or raises")

    async def _wait(self, seconds: float, *, repeatable: bool) -> None:
        """Wait before a request is sent; raises NotSentError for a write once there is no time."""
        if repeatable or seconds <= 0:
            await asyncio.sleep(max(0.0, seconds))
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)
            raise NotSentError("the run was stopped while it waited to be sent")

    def _settled(self, method: str, target: str, answer: Answer, *, repeatable: bool) -> Answer:
        if answer.status in _PASSING and answer.status != 429 and not repeatable:
            raise LostAnswerError(
                f"{method} {_path(target)} got {answer.status}: nobody knows whether it is done",
                method=method,
                path=_path(target),
                status=answer.status,
            )
        return answer

    async def _once(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        repeatable: bool,
    ) -> Answer:
        async with self._limiter.slot():
            await self._wait(self._limiter.pause, repeatable=repeatable)
            sent = time.monotonic()
            request = self._http.build_request(
                method, self._base + target, headers=dict(headers), content=body
            )
            response = await self._http.send(request, stream=True)
            try:
                content = await _bounded(response, method, target)
            finally:
                await response.aclose()
        if response.status_code in {429, 503}:
            self._limiter.shrink(sent, retry_after(response.headers.get("retry-after")))
        else:
            self._limiter.grow()
        if response.is_redirect:
            raise BadAnswerError(
                f"{method} {_path(target)} was redirected; redirects are not followed",
                method=method,
                path=_path(target),
                status=response.status_code,
                hint="set the API address (BOOKINGMOOD_API_URL) to where the API really is",
            )
        if response.is_error:
            content = content.replace(self._key, b"(API key)")  # some servers echo what they got
        return Answer(response.status_code, response.headers, content)

    def _unreachable(self, method: str, target: str, error: Exception) -> UnreachableError:
        return UnreachableError(
            f"no connection to {self._base}: {_reason(error)}",
            method=method,
            path=_path(target),
            hint="check the network and the API address (BOOKINGMOOD_API_URL)",
        )

    def _lost(
        self, method: str, target: str, error: Exception, *, repeatable: bool
    ) -> UnreachableError:
        kind = UnreachableError if repeatable else LostAnswerError
        return kind(
            f"no answer to {method} {_path(target)}: {_reason(error)}",
            method=method,
            path=_path(target),
            hint="check the network, then run the command again",
        )


def retry_after(value: str | None) -> float | None:
    """Read a Retry-After header, in seconds or as a date, bounded; None where there is none."""
    if not value:
        return None
    try:
        seconds = float(value)
        if not math.isfinite(seconds):
            return None
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return None
    return min(max(seconds, 0.05), LONGEST_WAIT)


async def _bounded(response: httpx.Response, method: str, target: str) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > MAX_BODY:
            raise BadAnswerError(
                f"the answer to {method} {_path(target)} is over {MAX_BODY // 2**20} MiB",
                method=method,
                path=_path(target),
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _backoff(attempt: int) -> float:
    return random.uniform(0, min(LONGEST_WAIT, _SHORT_WAIT * 2**attempt))  # noqa: S311 (jitter)


def _path(target: str) -> str:
    return target.partition("?")[0]


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "the time ran out"
    return str(error) or type(error).__name__
