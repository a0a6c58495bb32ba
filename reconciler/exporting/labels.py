"""What a row is called: as texts, as a part of its key, and so that rows can be sorted by it."""

import re
import unicodedata
from collections.abc import Mapping

from ..catalogue import KeyPart, Kind
from ..values.sent import Row

LONGEST = 48
_OTHER = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_SCHEME = re.compile(r"https?://(?:www\.)?")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l",
     "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th"}
)  # fmt: skip


def label_of(kind: Kind) -> tuple[KeyPart, ...]:
    """Give what the rows of a kind are called by: their label, else their natural key."""
    return kind.label or tuple(part for part in kind.natural_key if not part.optional)


def text_of(kind: Kind, part: KeyPart, row: Row, keys: Mapping[str, Mapping[str, str]]) -> str:
    """Give one part of what a row is called; of a reference the key of the row it leads to."""
    value = row.get(part.column)
    if part.inside:
        value = value.get(part.inside) if isinstance(value, dict) else None
    target = kind.columns[part.column].reference
    if target and value:
        return keys.get(target.kind, {}).get(str(value), "")
    return _SCHEME.sub("", str(value)) if value else ""


def slug(text: str) -> str:
    """Write a text as a key can hold it; may be empty."""
    plain = _folded(text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain).strip("-")[:LONGEST].strip("-")


def sortable(text: str) -> str:
    """Write a text so that plain comparing puts it where people look for it.

    Neither case nor accents count, and room 2 stands before room 10: the same on every machine.
    """
    return _NUMBER.sub(_with_length, _folded(text))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def _with_length(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0")
    return f"0{len(digits):03}{digits}"
