"""What became of addresses that moved, for people."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..diagnostics.words import count
from ..values.address import Address

MOST_SHOWN = 20


def moved_lines(became: Mapping[Address, Address], target: Path | None) -> Iterator[str]:
    """Name what the first addresses became, in another folder or here, and count the rest."""
    where = f" in {target}" if target else ""
    for old, new in list(became.items())[:MOST_SHOWN]:
        yield f"{old} is {new}{where} now"
    if (more := len(became) - MOST_SHOWN) > 0:
        yield f"and {count(more, 'more address', 'more addresses')}"
