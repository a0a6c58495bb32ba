"""The twin of a function for programs without an event loop."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import ParamSpec, TypeVar

from ..diagnostics import UsageError

_P = ParamSpec("_P")
_T = TypeVar("_T")


def waiting(work: Callable[_P, Coroutine[object, object, _T]]) -> Callable[_P, _T]:
    """Make the twin of a function that waits for its end; raises UsageError in an event loop."""

    @functools.wraps(work)
    def wait(*arguments: _P.args, **options: _P.kwargs) -> _T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return awaited(work(*arguments, **options))
        raise UsageError("an event loop runs already", hint=f"await {work.__name__}(…) there")

    wait.__name__ = wait.__qualname__ = work.__name__.removesuffix("_async")
    return wait


def awaited(work: Awaitable[_T]) -> _T:
    """Wait for the end of something in an event loop of its own; gives what it gives.

    Of what a task returns, ``asyncio.run`` makes the repr, be it a hundred thousand changes: so it
    is put aside.
    """
    found: list[_T] = []

    async def put_aside() -> None:
        found.append(await work)

    asyncio.run(put_aside())
    return found[0]
