"""Forms of its own in which a server stores values: lower case, trimmed, rounded.

A form is known by a word, ``lower``, ``trim`` or ``round:2``, which names no value: it can be kept
in git.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from .canonical import same
from .column import JSON, Column

WORDS = "lower, trim or round:N (N from 0 to 9)"
_WORD = re.compile(r"(lower|trim|round)(?::(\d))?\Z")
_NUMBERS = frozenset({"real", "integer"})
_SIMPLE = frozenset({str, bool, int, float, type(None)})


@dataclass(frozen=True, slots=True)
class Form:
    """One form. ``digits`` are those kept behind the point, by ``round`` alone."""

    name: Literal["lower", "trim", "round"]
    digits: int = 0

    @classmethod
    def parse(cls, word: str) -> "Form":
        """Read ``lower``, ``trim`` or ``round:2``; raise ValueError."""
        found = _WORD.match(word)
        if not found or (found[1] == "round") is (found[2] is None):
            raise ValueError(f"{word!r} is not {WORDS}")
        name: Literal["lower", "trim", "round"] = found[1]  # type: ignore[assignment]  # by _WORD
        return cls(name, int(found[2] or 0))

    def __str__(self) -> str:
        return f"round:{self.digits}" if self.name == "round" else self.name

    def fits(self, column: Column) -> bool:
        """Tell whether values of a column can have this form."""
        form = column.type.form
        return form in _NUMBERS if self.name == "round" else form == "text"

    def explains(self, column: Column, sent: JSON, stored: JSON) -> bool:
        """Tell whether it makes of what was sent, and would change, what is stored."""
        formed = self.of(sent)
        if self.name == "lower" and isinstance(formed, str) and isinstance(stored, str):
            return formed != sent and _letter_by_letter(formed) == _letter_by_letter(stored)
        return not as_sent(formed, sent, column) and as_sent(formed, stored, column)

    def of(self, value: JSON) -> JSON:
        """Bring a value to this form; one that cannot have it stays as it is."""
        if self.name == "round":
            return _rounded(value, self.digits)
        if not isinstance(value, str):
            return value
        return value.lower() if self.name == "lower" else value.strip()


Forms = Mapping[str, Form]
"""The forms that are known, by ``kind.column``."""


def as_sent(sent: JSON, stored: JSON, column: Column) -> bool:
    """Tell whether a value is stored as it was sent; an odd one is compared as it is."""
    if type(sent) in _SIMPLE and type(sent) is type(stored) and sent == stored:
        return True  # nearly all, and there are many
    try:
        return same(sent, stored, column)
    except ValueError:
        return sent == stored


def form_between(column: Column, sent: JSON, stored: JSON) -> Form | None:
    """Find the form that turns what was sent into what is stored, the least surprising first."""
    forms = (form for form in _all_forms() if form.fits(column))
    return next((form for form in forms if form.explains(column, sent, stored)), None)


def _letter_by_letter(lowered: str) -> str:
    """Spell a lower-case text as servers do that look at no other letter of the word."""
    return lowered.replace(
        "\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}"
    ).replace("i\u0307", "i")


def _all_forms() -> Iterator[Form]:
    yield from (Form("lower"), Form("trim"))
    yield from (Form("round", digits) for digits in range(9, -1, -1))


def _rounded(value: JSON, digits: int) -> JSON:
    """Round as PostgreSQL does, half away from zero, from the decimal digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        step = Decimal(1).scaleb(-digits)
        return float(Decimal(repr(value)).quantize(step, rounding="ROUND_HALF_UP"))
    except InvalidOperation:
        return value
