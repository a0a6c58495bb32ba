"""Errors as text: what happened, where, what to do next."""

from ..diagnostics import ApiError, ProblemsError, ReconcilerError, StaleError
from .problems import problems_text
from .visible import visible


def error_text(error: ReconcilerError) -> str:
    """Write an error, with every problem that it carries."""
    if isinstance(error, ProblemsError):
        return problems_text(error.problems)
    lines = [f"error: {error.message}"]
    if isinstance(error, ApiError):
        lines += _server_words(error)
    if isinstance(error, StaleError):
        lines += (f"  {reason}" for reason in error.reasons)
    if error.hint:
        lines.append(f"  hint: {error.hint}")
    return "".join(f"{visible(line)}\n" for line in lines)


def _server_words(error: ApiError) -> list[str]:
    said = [
        f"status {error.status}" if error.status else "",
        f"code {error.code}" if error.code else "",
    ]
    lines = [f"  {error.method} {error.path}: " + (", ".join(filter(None, said)) or "no answer")]
    return [*lines, f"  details: {error.details}"] if error.details else lines
