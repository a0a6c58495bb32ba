"""Words that messages share."""

from collections.abc import Sequence

_LONGEST_QUOTE = 60
_FEW = 10


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def shortened(text: str) -> str:
    """Cut a long text."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def few(texts: Sequence[str], most: int = _FEW, total: int | None = None) -> str:
    """List the first of some texts, and count the others; ``total`` where not all are given."""
    listed = texts[:most]
    others = (len(texts) if total is None else total) - len(listed)
    return ", ".join(listed) + (f" and {others:,} more" if others else "")
