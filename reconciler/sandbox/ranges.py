"""Which rows of a list are asked for, and how the answer says which ones it gives."""

from .query import Query, Window
from .refusal import Refusal

PAGE = 1000
"""The most rows that one list gives."""


def requested_window(query: Query) -> Window:
    """Take ``limit`` and ``offset`` of the root; raise a Refusal with code PGRST103."""
    window = query.windows.get((), Window())
    if window.limit is not None and window.limit < 0:
        raise unsatisfiable("Limit should be greater than or equal to zero.")
    return Window(max(window.offset, 0), window.limit)


def page(window: Window) -> Window:
    """Cut a window down to what one list gives."""
    limit = PAGE if window.limit is None else min(window.limit, PAGE)
    return Window(window.offset, limit)


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
