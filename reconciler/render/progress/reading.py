"""What people hear of rows that are read, on stderr: a line now and then, or one that moves."""

import time
from types import TracebackType
from typing import Self

from ...client.listening import Nobody
from ...diagnostics.words import count
from ..out import say
from .bars import ReadingBar
from .watched import watched

SECONDS_BETWEEN = 2.0
SECONDS_UNTOLD = 0.3


class ReadingProgress(Nobody):
    """Tells how many rows have been read: a line now and then, or one that moves.

    The moving one is shown only inside ``with ReadingProgress() as reading:``, so that it is gone
    when something else is written.
    """

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._began = self._told = time.monotonic()
        self._bar: ReadingBar | None = None
        self._watched = False
        self._over = False

    def __enter__(self) -> Self:
        """Begin."""
        self._watched = watched()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say no more."""
        self._over = True
        if self._bar:
            self._bar.stop()

    def tell(self, kind: str, rows: int) -> None:
        """Tell the rows of one kind so far."""
        self._rows[kind] = rows
        now = time.monotonic()
        if self._over:
            return
        if self._watched:
            self._move(kind, now)
        elif now - self._told > SECONDS_BETWEEN:
            self._told = now
            rate = sum(self._rows.values()) / (now - self._began)
            say(f"reading {kind}: {count(rows, 'row')}, {rate:,.0f}/s", err=True)

    def arrived(self, kind: str, rows: int) -> None:
        """Count more rows of one kind."""
        self.tell(kind, self._rows.get(kind, 0) + rows)

    def _move(self, kind: str, now: float) -> None:
        if self._bar is None and now - self._began > SECONDS_UNTOLD:
            self._bar = ReadingBar()
        if self._bar:
            self._bar.tell(kind, self._rows)
