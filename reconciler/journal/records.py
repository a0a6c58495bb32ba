"""What a run wrote down, as values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..bindings import Binding
from ..plan.change import Action
from ..values.address import Address
from ..values.sent import Row

FORMAT_VERSION = 1


DEFAULT_FOLDER = Path(".reconciler") / "journal"


Answer = Literal["done", "missed", "refused", "lost"]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change of one write request, as it was written down.

    ``before`` is the live row as it was read (None for a create), ``after`` what was sent,
    ``stored`` what the server answered of the row. ``answer`` is None where the run ended before.
    ``binding`` is what the bindings held of the row, under the address ``bound_as``.
    """

    kind: str
    action: Action
    address: Address | None
    id: str | None
    before: Row | None
    after: Row
    stored: Row | None
    answer: Answer | None
    binding: Binding | None
    bound_as: Address | None
    matching: frozenset[str] = frozenset()

    @property
    def may_be_done(self) -> bool:
        """Tell whether the server may have done it."""
        return self.answer not in {"refused", "missed"}


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was read back: what it was, how it ended, and its entries in order.

    One that was ``stopped`` came to its end, but left out what it had not begun.
    """

    run: str
    stack: str
    organization: str
    started: str
    ended: bool
    undoes: str | None
    entries: tuple[JournalEntry, ...]
    stopped: bool = False

    @property
    def changed_something(self) -> bool:
        """Tell whether the server may have done any of it."""
        return any(entry.may_be_done for entry in self.entries)
