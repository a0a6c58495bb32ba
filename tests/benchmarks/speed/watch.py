"""Looks at the log of requests while a program runs: when did it begin to write, and end?"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.01


@dataclass(slots=True)
class Writing:
    """The moments of the first and the last answered PATCH, and how many there were."""

    first: float = 0.0
    last: float = 0.0
    number: int = 0

    @property
    def seconds(self) -> float:
        """The time between them."""
        return self.last - self.first

    def look(self, lines: bytes) -> None:
        """Take note of what was added to the log."""
        patches = lines.count(b'"method":"PATCH"')
        if patches:
            self.last = time.perf_counter()
            self.first = self.first or self.last
            self.number += patches


@contextmanager
def watched(log: Path) -> Iterator[Writing]:
    """Look at a log while the block lasts."""
    writing, done = Writing(), threading.Event()
    with log.open("rb") as file:
        file.seek(0, 2)

        def look() -> None:
            while not done.wait(PAUSE):
                writing.look(file.read())
            writing.look(file.read())

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield writing
        finally:
            done.set()
            thread.join()
