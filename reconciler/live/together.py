"""Read together, and tell a refusal from a failure."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from ..diagnostics import ApiError, AuthorizationError, IncompleteReadError, OddRowError

Answer = TypeVar("Answer")


async def all_or_refused(reads: Iterable[Awaitable[Answer]]) -> list[Answer | ApiError]:
    """Read together; what one kind refuses comes back as a value, the rest is raised."""
    results = await asyncio.gather(*reads, return_exceptions=True)
    settled: list[Answer | ApiError] = []
    for result in results:
        if isinstance(result, BaseException) and not _is_refusal(result):
            raise result
        settled.append(result)  # type: ignore[arg-type]  # refusals are ApiErrors
    return settled


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, AuthorizationError | IncompleteReadError | OddRowError) or (
        isinstance(error, ApiError) and error.status == 404
    )
