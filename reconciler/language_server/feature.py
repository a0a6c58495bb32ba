"""What a feature is: a method of the protocol, and a function that answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .session import Session


@dataclass(frozen=True, slots=True)
class Feature:
    """A function from the session and the parameters to an answer; it changes neither.

    ``options`` is what the server says of it when an editor connects.
    """

    method: str
    answer: Callable[[Session, Any], object]
    options: object | None = None
