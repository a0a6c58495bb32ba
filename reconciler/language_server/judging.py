"""Policies about resources, judged beside the server: their process may take its time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import TypeAlias

from ..diagnostics import Problem, UsageError
from ..policies.folders import policy_folders
from .analysis import Analysis

DELAY = 0.3
"""Seconds from an analysis to the judgement: who still types is not judged."""

Judged: TypeAlias = Callable[[Analysis, tuple[Problem, ...]], None]


class Judge:
    """Judges one analysis at a time, on a thread that never keeps the process alive."""

    def __init__(self, following: Callable[[], Analysis | None], judged: Judged) -> None:
        """Take what gives the analysis that is to be judged next, and what takes the problems."""
        self._next = following
        self._judged = judged
        self._at_work = False

    def begin(self) -> None:
        """Judge soon what is not judged yet, unless that is under way."""
        if not self._at_work and self._next() is not None:
            self._at_work = True
            asyncio.get_running_loop().call_later(DELAY, self._start)

    def _start(self) -> None:
        analysis, loop = self._next(), asyncio.get_running_loop()
        if analysis is None:
            self._at_work = False
            return

        def work() -> None:
            problems: tuple[Problem, ...] = ()
            with suppress(Exception):  # the server must live on, and judge the next one
                problems = policy_problems(analysis)
            with suppress(RuntimeError):  # the server may have ended meanwhile
                loop.call_soon_threadsafe(self._finish, analysis, problems)

        Thread(target=work, daemon=True).start()

    def _finish(self, analysis: Analysis, problems: tuple[Problem, ...]) -> None:
        self._at_work = False
        self._judged(analysis, problems)
        self.begin()


def has_policies(analysis: Analysis) -> bool:
    """Tell whether there is anything to judge by."""
    return bool(policy_folders(analysis.folder, ()))


def policy_problems(analysis: Analysis) -> tuple[Problem, ...]:
    """Judge as ``validate`` does; nothing where the engine is not installed."""
    from ..policies.judge import judge_resources  # most folders have none
    from ..policies.read import read_policies

    if analysis.kinds is None:
        return ()
    found = read_policies(analysis.folder, (), analysis.kinds, analysis.policies)
    configuration = analysis.configuration
    if configuration is None or found.are_wrong:
        return found.problems
    try:
        return found.problems + judge_resources(found.all, configuration, analysis.kinds)
    except UsageError:
        return found.problems
