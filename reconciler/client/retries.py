"""How long one request is tried again, and how long to wait before each try."""

import asyncio
import email.utils
import math
import random
import re
import time
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from httpx import Response

EDGE = frozenset({408, 500, 502, 503, 504, *range(520, 525), 530})
"""What a server or what stands before it answers where the request may fare better later."""
LONGEST_BACKOFF = 5.0
LEAST_PAUSE = 0.05
LONGEST_PAUSE = 365 * 24 * 3600.0
_SHORT_WAIT = 0.25
_SECOND = 1.0
"""The length of a second in all waits and bounds of this module: tests make it shorter."""
_SQLSTATE = re.compile(r"[0-9A-Z]{5}")
_PASSING_STATES = ("40", "08", "53", "57014")


class Patience:
    """How much longer one request may be tried: ``retry_for`` seconds from its first failure.

    What the server asked to wait does not count; that is bounded by ``max_wait`` seconds.
    """

    def __init__(self, retry_for: float, max_wait: float) -> None:
        self._retry_for = retry_for * _SECOND
        self._max_wait = max_wait
        self._began: float | None = None
        self._tries = 0
        self._paused = 0.0

    @property
    def failing(self) -> float:
        """The seconds since the first failure."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    def more(self) -> bool:
        """Take note of a failure; tells whether another try is allowed, with no wait before it."""
        if self._began is None:
            self._began = time.monotonic()
        return self.failing < self._retry_for

    def wait(self) -> float | None:
        """Take note of a failure; gives the seconds to wait before another try, None for none.

        The last try is made when the time is up, not before.
        """
        if not self.more():
            return None
        self._tries += 1
        left = self._retry_for - self.failing
        return min(backoff(self._tries), max(left, 0.001 * _SECOND))

    def pause(self, seconds: float) -> bool:
        """Take note of a wait that the server asks for; tells whether that is allowed."""
        self._paused += seconds
        if self._began is not None:
            self._began += seconds
        return self._paused <= self._max_wait


def backoff(tries: int, shortest: float = _SHORT_WAIT) -> float:
    """Give seconds to wait after so many tries: longer each time, and never all at once."""
    longest = min(LONGEST_BACKOFF, shortest * 2 ** min(tries, 30))
    return random.uniform(longest / 2, longest) * _SECOND  # noqa: S311 (jitter)


async def nap(tries: int, shortest: float) -> None:
    """Wait after so many tries."""
    await asyncio.sleep(backoff(tries, shortest))


def may_pass(answer: "Response") -> bool:
    """Tell whether the same read may be answered otherwise a little later."""
    if answer.status_code == 429:
        return True
    if answer.status_code < 400:
        return False
    state = sqlstate(answer.content)
    return state.startswith(_PASSING_STATES) if state else answer.status_code in EDGE


def leaves_open(answer: "Response") -> bool:
    """Tell whether an answer to a write leaves open if it was executed."""
    return answer.status_code in {502, 503, 504} or (
        answer.status_code in EDGE and sqlstate(answer.content) is None
    )


def sqlstate(body: bytes) -> str | None:
    """Find PostgreSQL's code in the words of an error; None where there is none."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    code = content.get("code") if isinstance(content, dict) else None
    return code if isinstance(code, str) and _SQLSTATE.fullmatch(code) else None


def retry_after(value: str | None) -> float | None:
    """Read a Retry-After header, in seconds or as a date; None where there is none."""
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
    return min(max(seconds, LEAST_PAUSE * _SECOND), LONGEST_PAUSE)
