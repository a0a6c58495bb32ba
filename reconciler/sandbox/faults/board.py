"""Which faults are on, and how often each was met and struck: all that changes while it runs."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from .spec import Fault


@dataclass(slots=True)
class _Entry:
    fault: Fault
    chance: random.Random
    met: int = 0
    fired: int = 0


@dataclass(slots=True)
class Board:
    """The faults of a running sandbox; they can be replaced at any time."""

    _entries: list[_Entry] = field(default_factory=list)

    def put(self, faults: Iterable[Fault]) -> None:
        """Replace all faults, and begin to count anew."""
        self._entries = [_Entry(one, random.Random(one.seed)) for one in faults]  # noqa: S311

    def draw(self, method: str, path: str) -> tuple[Fault, ...]:
        """Count a request, and give the faults that strike it."""
        return tuple(entry.fault for entry in self._entries if _strikes(entry, method, path))

    def shown(self) -> list[dict[str, str | int]]:
        """Tell each fault with how many requests it was for, and how many it struck."""
        return [
            {"spec": entry.fault.text, "matched": entry.met, "fired": entry.fired}
            for entry in self._entries
        ]


def _strikes(entry: _Entry, method: str, path: str) -> bool:
    if not entry.fault.befalls(method, path):
        return False
    entry.met += 1
    struck = entry.fault.is_due(entry.met) and entry.chance.random() < entry.fault.rate
    entry.fired += struck
    return struck
