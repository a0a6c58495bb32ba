"""What a feature is: a method of the protocol, and a function that answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .session import Session


class RefusedError(Exception):
    """What was asked for cannot be done; the message is for people, and holds no value."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A function from the session and the parameters to an answer; it changes neither.

    ``options`` is what the server says of it when an editor connects.
    """

    method: str
    answer: Callable[[Session, Any], object]
    options: object | None = None
