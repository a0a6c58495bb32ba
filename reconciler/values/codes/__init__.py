"""Codes that the world agrees on: currencies, countries, languages, web addresses and so on.

One table: the name of a code, as ``x-format`` in the schemas has it, and its check. What a check
needs is loaded when the first text is checked.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from .addresses import A_URL, AN_EMAIL, check_email, check_url
from .colours import A_COLOUR, check_colour
from .countries import A_COUNTRY, check_country
from .currencies import A_CURRENCY, A_PAST_CURRENCY, check_currency, check_past_currency
from .languages import A_LANGUAGE, check_language
from .wrong import Wrong

__all__ = ["A_ZONE", "CHECKS", "EXPECTS", "Wrong", "judge"]

A_ZONE = "a time zone such as Europe/Amsterdam"
EXPECTS: Mapping[str, str] = {
    "currency": A_CURRENCY, "past-currency": A_PAST_CURRENCY, "country": A_COUNTRY,
    "language": A_LANGUAGE, "url": A_URL, "email": AN_EMAIL, "colour": A_COLOUR,
    "time-zone": A_ZONE,
}  # fmt: skip
"""What people may write of each code, in words."""

CHECKS: Mapping[str, Callable[[str], Wrong | None]] = {
    "currency": check_currency,
    "past-currency": check_past_currency,
    "country": check_country,
    "language": check_language,
    "url": check_url,
    "email": check_email,
    "colour": check_colour,
}
"""Each takes a text that is not empty, and says what is wrong with it, or nothing."""

_KNOWN = 4096


@lru_cache(_KNOWN)
def judge(code: str | None, text: str) -> Wrong | None:
    """Say what is wrong with a text as a code; an empty text is no value, and never wrong.

    Time zones are not here: reading them also changes their spelling.
    """
    check = CHECKS.get(code or "")
    return check(text) if check and text else None
