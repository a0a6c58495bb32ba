"""What goes wrong: one problem with its place, every error a user can meet, what codes mean."""

from .codes import Code
from .errors import (
    ApiError,
    AuthorizationError,
    BadAnswerError,
    ConfigurationError,
    ConsentError,
    IncompleteReadError,
    LostAnswerError,
    NotSentError,
    OddRowError,
    OutOfTimeError,
    PartialApplyError,
    PlanError,
    ProblemsError,
    ReconcilerError,
    StaleError,
    TooLargeError,
    UnreachableError,
    UsageError,
)
from .problem import Position, Problem

__all__ = [
    "ApiError",
    "AuthorizationError",
    "BadAnswerError",
    "Code",
    "ConfigurationError",
    "ConsentError",
    "IncompleteReadError",
    "LostAnswerError",
    "NotSentError",
    "OddRowError",
    "OutOfTimeError",
    "PartialApplyError",
    "PlanError",
    "Position",
    "Problem",
    "ProblemsError",
    "ReconcilerError",
    "StaleError",
    "TooLargeError",
    "UnreachableError",
    "UsageError",
]
