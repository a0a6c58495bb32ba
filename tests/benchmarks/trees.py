"""What a process and all that it began take, as Linux tells it: seconds of CPU, and memory."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Most:
    """The most memory that was seen; what processes share is counted once."""

    megabytes: float = 0.0


def cpu_of(root: int) -> float:
    """Add up the seconds of a process, of those that it began, and of those that have ended."""
    parents, ticks = _look()
    return sum(ticks[pid] for pid in _tree(root, parents)) / _TICKS


@contextmanager
def memory_watched(root: int) -> Iterator[Most]:
    """Look at what a process has begun, again and again, while the block lasts."""
    most, done = Most(), threading.Event()

    def look() -> None:
        while not done.wait(PAUSE):
            parents, _ = _look()
            began = _tree(root, parents) - {root}
            most.megabytes = max(most.megabytes, sum(map(_memory, began)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _look() -> tuple[dict[int, int], dict[int, int]]:
    """Read the parent of each process, and its ticks with those of children that it waited for."""
    parents, ticks = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError, IndexError):  # it ended meanwhile
            words = (entry / "stat").read_text().rpartition(")")[2].split()
            parents[int(entry.name)] = int(words[1])
            ticks[int(entry.name)] = sum(map(int, words[11:15]))
    return parents, ticks


def _tree(root: int, parents: dict[int, int]) -> set[int]:
    found, more = {root} & parents.keys(), {root}
    while more:
        more = {pid for pid, parent in parents.items() if parent in more} - found
        found |= more
    return found


def _memory(pid: int) -> float:
    """Give the megabytes of a process; a page that several share counts in parts."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1_000_000
    return 0.0
