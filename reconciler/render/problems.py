"""Problems of the configuration, as text and as JSON."""

from collections.abc import Callable, Iterable
from typing import Protocol

import orjson

from ..diagnostics import Problem
from .visible import harmless, visible


class Excerpt(Protocol):
    """A source line as it may be shown, and where in it the caret stands (from 1)."""

    @property
    def text(self) -> str:
        """The line."""

    @property
    def caret(self) -> int:
        """The column of the caret."""


ExcerptOf = Callable[[Problem], Excerpt | None]


def problems_text(problems: Iterable[Problem], excerpt_of: ExcerptOf = lambda problem: None) -> str:
    """Write problems one after the other, each with its line, a caret and what to do.

    Where one of them stops the run, the last line says how to learn more about a code.
    """
    problems = tuple(problems)
    texts = [_problem(problem, excerpt_of(problem)) for problem in problems]
    first = next((problem.code for problem in problems if problem.is_error), None)
    more = f"For the cause and cure of a code: reconciler explain {first}\n" if first else ""
    return "".join([*texts, more])


def problems_json(problems: Iterable[Problem]) -> str:
    """Write problems as a JSON list of file, line, column, code, message, address, hint."""
    rows = [
        {
            "file": problem.position.file if problem.position else None,
            "line": problem.position.line if problem.position else None,
            "column": problem.position.column if problem.position else None,
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
            "address": problem.address,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n"


def _problem(problem: Problem, excerpt: Excerpt | None) -> str:
    place = f"{problem.position}: " if problem.position else ""
    lines = [f"{place}{problem.severity}: {problem.message} [{problem.code}]"]
    if excerpt:
        lines += _source_line(excerpt.text, excerpt.text[: excerpt.caret - 1])
    if problem.hint:
        lines.append(f"  hint: {problem.hint}")
    return "".join(f"{visible(line)}\n" for line in lines)


def _source_line(text: str, before: str) -> tuple[str, str]:
    """Write a line of a file, and a caret below the place that has ``before`` in front of it."""
    shown = f"    {visible(text)}"
    line = harmless(shown)
    moved = len(line) - len(shown) if before.strip() else 0
    return line, " " * (4 + _width(visible(before)) + moved) + "^"


def _width(text: str) -> int:
    """Measure a text in cells of a terminal; what measures them is loaded where it is needed."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
