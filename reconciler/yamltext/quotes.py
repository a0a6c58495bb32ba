"""Which text may stand without quotes, and quotes for those that may not.

No reader of YAML 1.1 or 1.2 takes what is written here for anything but the text that was meant.
"""

import json
import re
from functools import lru_cache

_PLAIN = re.compile(
    r"(?![\s\-?:,\[\]{}#&*!|>'\"%@`])[^:#]*(?:(?::(?! |\Z)|(?<! )#)[^:#]*)*(?<! )\Z"
)
_SURELY_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_@./ -]{5,}(?<! )\Z")
"""Longer than every word below, and without any character that means something: most texts."""
_FLOW = re.compile(r"[,\[\]{}:?]")
_NUMBER = re.compile(
    r"""(?: [-+]?[\d_.][\d_.:]*(?:[eE][-+]?\d*)?           # with those of base 60
          | [-+]?0[box][\da-fA-F_]+
          | \d{4}-\d\d?-\d\d?(?:[Tt ].*)?
        )\Z""",
    re.VERBOSE,
)
_WORDS = frozenset(
    {"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"}
    | {".inf", "-.inf", "+.inf", ".nan"}
)
_NUMERIC = frozenset("0123456789+-._")
_NOT_ASCII = re.compile("[^ -~]")


class Raw(str):
    """A text that is written as it is: a date, or ``${NAME}``."""

    __slots__ = ()


class Bare(Raw):
    """A text that is never in quotes: what is filled into it later decides what it is."""

    __slots__ = ()


class BareInBracketsError(Exception):
    """A text that is never in quotes cannot stand in brackets without them."""


class Quoted(str):
    """A text that is never plain: what is filled into it later shall stay a text."""

    __slots__ = ()


def as_it_is(text: str, *, plain: bool) -> str:
    """Give a text that was written once, ``plain`` or not, to be written so again."""
    if "${" in text:
        return Bare(text) if plain else Quoted(text)
    return Raw(text) if plain and text.isprintable() else text


@lru_cache(maxsize=8192, typed=True)
def inline(value: str, *, flow: bool = False) -> str:
    """Write a text on one line; raises BareInBracketsError."""
    if _SURELY_PLAIN.match(value):
        return value
    if isinstance(value, Raw):
        if not (flow and _FLOW.search(value)):
            return value
        if isinstance(value, Bare):
            raise BareInBracketsError
        return f"'{value}'"
    if not value.isprintable():
        return double_quoted(value)
    if isinstance(value, Quoted):
        return single_quoted(value)
    if is_plain(value) and not (flow and _FLOW.search(value)):
        return value
    return single_quoted(value)


def is_surely_plain(text: str) -> bool:
    """Tell at first sight that a text needs no quotes; most texts are such."""
    return _SURELY_PLAIN.match(text) is not None


def single_quoted(value: str) -> str:
    """Write a text on one line in single quotes; what cannot be seen has no place in them."""
    return "'" + value.replace("'", "''") + "'"


def double_quoted(value: str) -> str:
    """Write a text on one line in double quotes, with escapes for what cannot be seen."""
    escaped = json.dumps(value, ensure_ascii=False)
    return _NOT_ASCII.sub(lambda found: _escaped(found[0]), escaped)


def is_plain(value: str) -> bool:
    """Tell whether a text needs no quotes: no reader takes it for anything but a text."""
    if _is_word(value) or (value[:1] in _NUMERIC and _NUMBER.match(value)):
        return False
    return stands_alone(value)


def stands_alone(value: str) -> bool:
    """Tell whether a text without quotes ends where it should, whatever it is then taken for."""
    return bool(_PLAIN.match(value))


def _is_word(value: str) -> bool:
    """Tell whether some reader takes a text without quotes for a truth value, null or infinity."""
    return value.lower() in _WORDS


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
