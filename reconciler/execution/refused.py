"""Say what the server refused, without the personal values that its words may quote."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..catalogue import Kind
from ..diagnostics import ApiError, NotSentError
from ..plan.change import Change
from .outcome import Outcome, failed, skipped

TAKEN = "23505"
"""Another row has a value that must be unique."""
_KEY = re.compile(r"Key \((.*?)\)=")
_WORD = re.compile(r"\w+")
_UNSEEN = (
    "the row is there, but this key does not see it: use a key that may read every row, and plan"
    " again"
)
SHORTEST = 4
"""Shorter texts stand in any sentence, and tell nothing."""


def refused(kind: Kind, changes: Sequence[Change], error: ApiError) -> list[Outcome]:
    """Let changes fail with the server's words (message, code, details), if it was asked at all."""
    if isinstance(error, NotSentError):
        return [skipped(change, error.message, error.hint) for change in changes]
    message, hint = _words(kind, changes, error)
    if _is_there(kind, error):
        hint = _UNSEEN
    taken = _taken(kind, error) if error.code == TAKEN else frozenset()
    return [replace(failed(change, message, hint), taken=taken) for change in changes]


def _is_there(kind: Kind, error: ApiError) -> bool:
    """Tell whether the row itself exists, though a look at its id did not find it."""
    named = _KEY.search(error.details or "") if error.code == TAKEN else None
    return named is not None and set(_WORD.findall(named[1])) == set(kind.primary_key)


def _taken(kind: Kind, error: ApiError) -> frozenset[str]:
    """Name the columns of a unique constraint; where the server does not, those that may move."""
    named = _KEY.search(error.details or "")
    words = set(_WORD.findall(named[1])) if named else set()
    safe = {name for name, column in kind.columns.items() if column.interim}
    return frozenset(words & kind.columns.keys() or safe)


def given_up(kind: Kind, changes: Sequence[Change], error: ApiError) -> list[Outcome]:
    """Leave changes of which some are bad, where the search for those has cost enough."""
    message, _ = _words(kind, changes, error)
    why = f"it was sent with {len(changes) - 1} others, of which at least one is bad: {message}"
    return [skipped(change, why) for change in changes]


def _words(kind: Kind, changes: Sequence[Change], error: ApiError) -> tuple[str, str | None]:
    code = f" [{error.code}]" if error.code else ""
    details = f" ({error.details})" if error.details else ""
    texts = sorted(set(_private_texts(kind, changes)), key=len, reverse=True)
    message = _masked(f"{error.message}{code}{details}", texts)
    return message, _masked(error.hint, texts) if error.hint else None


def _masked(text: str, private: Iterable[str]) -> str:
    for value in private:
        text = text.replace(value, "…")
    return text


def _private_texts(kind: Kind, changes: Iterable[Change]) -> Iterator[str]:
    columns = kind.all_columns
    for change in changes:
        for given in (change.after, change.inputs, change.row or {}):
            for name, value in given.items():
                if name in columns and columns[name].private:
                    yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (text for text in (value, value.strip()) if len(text) >= SHORTEST)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
