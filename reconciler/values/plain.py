"""Texts, ids, and true and false: how they are read, and their canonical form."""

from collections.abc import Callable
from typing import TypeAlias

from .address import UUID_PATTERN
from .jsontext import JSON
from .unreadable import UnreadableError

Canonical: TypeAlias = "bool | int | float | str | bytes | tuple[Canonical, ...] | None"

A_TEXT = "a text"
AN_ID = "an id such as 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
TRUE_OR_FALSE = "true or false"
BOOLEAN = r"(true|false)"

_BOOLEANS = {"true": True, "false": False}
_YES = frozenset({"true", "yes", "on", "y", "1"})
_NO = frozenset({"false", "no", "off", "n", "0"})


def read_text(text: str) -> str:
    """Take a text as it is."""
    return text


def read_uuid(text: str) -> str:
    """Check an id; returns it as spelled."""
    if not UUID_PATTERN.match(text):
        raise UnreadableError(AN_ID)
    return text


def read_boolean(text: str) -> bool:
    """Read ``true`` or ``false``, and nothing else."""
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    word = text.lower()
    if word in _YES:
        raise UnreadableError(TRUE_OR_FALSE, hint="write true")
    if word in _NO:
        raise UnreadableError(TRUE_OR_FALSE, hint="write false")
    raise UnreadableError(TRUE_OR_FALSE)


def text_form(value: JSON) -> str:
    """Take a text as it is; raises ValueError where it is none."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def uuid_form(value: JSON) -> str:
    """Write an id in lower case."""
    return text_form(value).lower()


def boolean_form(value: JSON) -> bool:
    """Take true or false; raises ValueError where it is neither."""
    if not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def list_form(item: Callable[[JSON], Canonical]) -> Callable[[JSON], Canonical]:
    """Make the form of lists out of that of their items."""

    def form(value: JSON) -> Canonical:
        if not isinstance(value, list):
            raise ValueError("not a list")
        return tuple(None if entry is None else item(entry) for entry in value)

    return form
