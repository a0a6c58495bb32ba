"""Every error a user can meet, in one tree; each carries facts and what to do next.

ReconcilerError                 exit 1
  UsageError                    a setting or argument is missing or wrong
  ConfigurationError            the YAML is wrong: all problems at once
  PlanError                     the YAML and the live rows do not fit: all problems at once
  ApiError                      the server refused or could not be understood
    AuthorizationError          401, 403
    UnreachableError            no answer: network, DNS, time-out
      OutOfTimeError            a read was not answered in time, or not whole
      LostAnswerError           a write was sent and nobody knows whether it was done
    BadAnswerError              an answer that is not what the API answers
      OddRowError               a row lacks a column, or holds a value of another type
      TooLargeError             an answer that is over the bound
    IncompleteReadError         fewer rows arrived than the server counted, or others than asked
  StaleError                    exit 3: the live rows are not what was reviewed
  ConsentError                  exit 4: something needs --allow, or is protected
  PartialApplyError             exit 5: some changes failed
"""

from .problem import Position, Problem


class ReconcilerError(Exception):
    """What happened, and what to do next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ReconcilerError):
    """A setting or argument is missing or wrong."""


class ProblemsError(ReconcilerError):
    """Everything that is wrong, in the order of the files."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        number = sum(problem.stands_for for problem in problems)
        super().__init__(f"{number} problem{'s' if number != 1 else ''}")
        self.problems = tuple(sorted(problems, key=_by_position))


class ConfigurationError(ProblemsError):
    """The YAML is wrong."""


class PlanError(ProblemsError):
    """The YAML and the live rows do not fit together; ``notes`` were made besides."""

    def __init__(self, problems: tuple[Problem, ...], notes: tuple[Problem, ...] = ()) -> None:
        super().__init__(problems)
        self.notes = notes


class ApiError(ReconcilerError):
    """The server refused a request; carries the server's own words."""

    def __init__(
        self,
        message: str,
        *,
        method: str,
        path: str,
        status: int | None = None,
        code: str | None = None,
        details: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.method = method
        self.path = path
        self.status = status
        self.code = code
        self.details = details


class AuthorizationError(ApiError):
    """The server does not accept the key (401) or the key may not do this (403)."""


class UnreachableError(ApiError):
    """No answer came: the name, the network, or the time ran out."""


class OutOfTimeError(UnreachableError):
    """A read was not answered in time, or not whole."""


class LostAnswerError(UnreachableError):
    """A write was sent and its answer did not arrive."""


class NotSentError(ApiError):
    """A write was not sent: it could not be written down first, or the run was stopped before."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, method="", path="", hint=hint)

    @classmethod
    def stopped(cls) -> "NotSentError":
        """Make the one of a write that still waited when the run was stopped."""
        return cls("the run was stopped before it was sent", hint="apply again to go on")


class BadAnswerError(ApiError):
    """The answer is not what the API answers: HTML, cut JSON, a row without an id."""


class OddRowError(BadAnswerError):
    """A row lacks a column that was asked for, or holds a value of another type."""


class TooLargeError(BadAnswerError):
    """An answer is larger than is taken."""


class IncompleteReadError(ApiError):
    """Fewer rows arrived than the server counted, or others than were asked for."""


class StaleError(ReconcilerError):
    """The live rows are not what the plan saw; ``reasons`` name each row, a line for each."""

    exit_code = 3

    def __init__(self, message: str, reasons: tuple[str, ...], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reasons = reasons


class ConsentError(ReconcilerError):
    """A change needs ``--allow``, or is protected; nothing was written."""

    exit_code = 4


class PartialApplyError(ReconcilerError):
    """Some changes were made and some were not."""

    exit_code = 5


def _by_position(problem: Problem) -> tuple[str, int, int, str]:
    position = problem.position or Position("", 0, 0)
    return (position.file, position.line, position.column, problem.message)
