"""What the steps of one run share: the server, the ids found on the way, and who listens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..bindings import Binding, write_bindings
from ..change import Action, Change, Origin
from ..client import Client
from ..kind import Kind
from ..resource import Address
from .outcome import Outcome, State

Listener = Callable[[Outcome], None]


@dataclass(slots=True)
class Bindings:
    """The bindings file, written anew whenever an entry changes."""

    path: Path
    entries: dict[Address, Binding]
    changed: bool = False

    def bind(self, address: Address, row_id: str, origin: Origin) -> None:
        """Bind an address; another address of the same row is forgotten."""
        others = [
            other
            for other, binding in self.entries.items()
            if other != address and other.kind == address.kind and binding.id == row_id
        ]
        for other in others:
            del self.entries[other]
        self.changed |= bool(others) or self.entries.get(address) != Binding(row_id, origin)
        self.entries[address] = Binding(row_id, origin)

    def forget(self, address: Address) -> None:
        """Forget an address whose row is gone."""
        self.changed |= self.entries.pop(address, None) is not None

    def save(self) -> None:
        """Write the file if anything changed; raises OSError."""
        if self.changed:
            write_bindings(self.path, self.entries)
            self.changed = False


@dataclass(slots=True)
class Run:
    """One apply: its surroundings, and what is known so far."""

    client: Client
    kinds: Mapping[str, Kind]
    organization: str
    bindings: Bindings
    listener: Listener
    ids: dict[Address, str] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    undone: set[Address] = field(default_factory=set)
    """Resources that have no row because their create failed or was skipped."""

    def settle(self, *outcomes: Outcome) -> None:
        """Record how changes ended."""
        for outcome in outcomes:
            change = outcome.change
            self.outcomes[id(change)] = outcome
            if (
                change.address
                and change.action is Action.CREATE
                and outcome.state is not State.DONE
            ):
                self.undone.add(change.address)
            self.listener(outcome)

    def outcome_of(self, change: Change) -> Outcome | None:
        """Say how a change ended, None while it has not."""
        return self.outcomes.get(id(change))
