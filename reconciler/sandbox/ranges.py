"""Which rows of a list are asked for, and how the answer says which ones it gives.

Rows are counted from 0; a range has its last row in it, so that ``limit=0`` is ``0..-1``.
"""

import re
from dataclasses import dataclass

from .refusal import Refusal

PAGE = 1000
"""The most rows that one list gives."""


@dataclass(frozen=True, slots=True)
class Range:
    """From one row to another; without an end up to the last there is."""

    lower: int = 0
    upper: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether no row can be in it."""
        return self.upper is not None and self.upper < self.lower

    @property
    def limit(self) -> int | None:
        """How many rows fit in; None: no bound."""
        return None if self.upper is None else self.upper - self.lower + 1

    def meeting(self, other: "Range") -> "Range":
        """Give what both have in common."""
        ends = [one for one in (self.upper, other.upper) if one is not None]
        return Range(max(self.lower, other.lower), min(ends, default=None))


ALL = Range()
NOTHING = Range(0, -1)
"""What ``limit=0`` asks for: the one empty range that is allowed."""


def requested(window: Range, header: str) -> Range:
    """Take the root's window and the ``Range`` header; raise a Refusal with code PGRST103."""
    wanted = _header_range(header)
    if window.upper == NOTHING.upper:
        return NOTHING
    both = wanted.meeting(window)
    if both.is_empty:
        turned = "The lower boundary must be lower than or equal to the upper boundary in the"
        negative = "Limit should be greater than or equal to zero."
        raise unsatisfiable(f"{turned} Range header." if wanted.is_empty else negative)
    return both


def page(window: Range) -> Range:
    """Cut a range down to what one list gives."""
    if window.upper == NOTHING.upper:
        return NOTHING
    if window.is_empty:
        raise unsatisfiable("Limit should be greater than or equal to zero.")
    return window.meeting(Range(window.lower, window.lower + PAGE - 1))


def list_status(offset: int, rows: int, total: int | None) -> int:
    """Choose 200, 206 (there are more rows) or 416 (the offset lies beyond the last)."""
    if total is None:
        return 200
    if offset > total:
        return 416
    return 206 if rows < total else 200


def content_range(offset: int, rows: int, total: int | None) -> str:
    """Write ``0-24/100``; ``*`` stands for no rows and for a total that was not counted."""
    some = rows > 0 and total != 0
    shown = f"{offset}-{offset + rows - 1}" if some else "*"
    return f"{shown}/{'*' if total is None else total}"


def out_of_bounds(offset: int, total: int) -> Refusal:
    """Refuse an offset beyond the last row."""
    return unsatisfiable(f"An offset of {offset} was requested, but there are only {total} rows.")


def unsatisfiable(details: str) -> Refusal:
    """Refuse a range."""
    return Refusal(416, "PGRST103", "Requested range not satisfiable", details=details)


def _header_range(text: str) -> Range:
    """Read ``0-9`` or ``10-``; anything else asks for all."""
    found = re.fullmatch(r"([0-9]+)-([0-9]*)", text)
    return Range(int(found[1]), int(found[2]) if found[2] else None) if found else ALL
