"""What is wrong with a template is told once, at the first instance that shows it.

What is wrong with an argument is told at each.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...diagnostics import Problem


def told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what was said of another instance in the same words, and say how often it was."""
    problems = list(problems)
    said: dict[tuple[str, str, str], int] = {}
    for problem in problems:
        if _is_made(problem):
            said[_words(problem)] = said.get(_words(problem), 0) + 1
    for problem in problems:
        if not _is_made(problem):
            yield problem
        elif times := said.pop(_words(problem), 0):
            more = f", and {times - 1:,} more like it" if times > 1 else ""
            yield replace(problem, message=f"{problem.message}{more}")


def _is_made(problem: Problem) -> bool:
    made_by = problem.position.made_by if problem.position else None
    return made_by is not None and not made_by.argument


def _words(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.severity, problem.message
