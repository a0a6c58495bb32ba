"""Colours as CSS writes them."""

import re
from functools import cache

from .wrong import Wrong

A_COLOUR = "a colour such as #fff or #22c55e"
_HINT = "write # and three or six digits from 0 to f"
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_FUNCTION = re.compile(
    r"(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|var)\([^()]*(\([^()]*\)[^()]*)*\)",
    re.IGNORECASE,
)
_WORDS = frozenset({"transparent", "currentcolor", "inherit"})


def check_colour(text: str) -> Wrong | None:
    """Want what CSS takes for a colour: digits, a function such as rgb(), or a name."""
    if _HEX.fullmatch(text):
        return None if text[0] == "#" else Wrong(A_COLOUR, _HINT, f"#{text}")
    if _FUNCTION.fullmatch(text):
        return None
    name = text.lower()
    if name in _WORDS or name in _names():
        return None
    return Wrong(A_COLOUR, _HINT, among=_names())


@cache
def _names() -> tuple[str, ...]:
    from webcolors import names  # most colours are written in digits

    return (*names(), "rebeccapurple")  # younger than its newest list
