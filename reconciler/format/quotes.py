"""When a text needs quotes: for YAML, and for readers that take ``no`` or ``1_000`` for no text.

Our own reader goes by the column's type; people, editors and other tools do not.
"""

import re

import orjson

from ..configuration.load.nodes import NULLS
from ..values.core import read_core
from ..values.unreadable import UnreadableError
from ..yamltext.quotes import is_plain, single_quoted
from ..yamltext.tree import Scalar

# Stricter than what is written anew: quotes around a telephone number or a date are left alone.
_BEGINS_LIKE_A_NUMBER = re.compile(r"[-+.]?[\d.]")
# In brackets some readers stop at any colon or question mark: quotes around one stay, but none are
# put there.
_BRACKETS = re.compile(r"[,\[\]{}:?]")
_SPLITS = re.compile(r"[,\[\]{}]|:(?:\Z|[\s,\[\]{}])")
_ITEM = "-"  # in brackets a text, as in ``[-, b]``; on a line of its own it begins another item
_VARIABLE = "${"


def written(scalar: Scalar, raw: str, *, brackets: bool) -> str | None:
    """Write a scalar of one line, quoted only where it must be; None where it cannot be one line.

    ``raw`` are its characters as they are; ``brackets`` tells whether it stands inside of a flow
    collection.
    """
    if "\n" in raw:
        return None
    if scalar.style:
        if scalar.is_block:
            return None
        return scalar.text if _needs_none(scalar.text, brackets=brackets) else raw
    splits = _SPLITS.search(raw) if brackets else raw == _ITEM
    if not splits:
        return raw
    return _quoted(raw)


def in_one_line(text: str, *, brackets: bool) -> str:
    """Write a text that was given in lines, or not at all, on one line."""
    if _needs_none(text, brackets=brackets):
        return text
    return orjson.dumps(text).decode()


def _needs_none(text: str, *, brackets: bool) -> bool:
    return (
        text.isprintable()
        and is_plain(text)
        and _BEGINS_LIKE_A_NUMBER.match(text) is None
        and _VARIABLE not in text
        and not (brackets and _BRACKETS.search(text))
    )


def _quoted(text: str) -> str | None:
    """Quote a plain text; None where quotes would make another value of it."""
    if _VARIABLE in text or text in NULLS or not _is_text(text):
        return None
    return single_quoted(text)


def _is_text(text: str) -> bool:
    try:
        return isinstance(read_core(text), str)
    except UnreadableError:
        return False
