"""Ids that are computed, so that nobody has to remember them (UUID version 8, RFC 9562).

::

    xxxxxxxx-xxxx-8yyy-Vyyy-yyyyyyyyyyyy
    '-----------'  '-------------------'
     the mark:      the address in this
     this stack     organization
     in this
     organization

The mark comes first, so all rows of a stack lie in one contiguous range of ids.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from .values.address import Address

_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


class Former(NamedTuple):
    """The stack and the address that a row was made under: its computed id follows from them."""

    stack: str
    address: Address


class Release(NamedTuple):
    """How a row was let go: the address it had ``last``, and the stack that it was moved to."""

    last: Address
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Transfers:
    """Which addresses have a row that was made under another one, and which rows were let go."""

    received: Mapping[Address, Former] = field(default_factory=dict)
    released: Mapping[Former, Release] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owner:
    """A stack in an organization: what owns a range of ids, and the rows it received.

    ``released`` are the rows that it let go, by id. Those that went to another stack are not its
    own any more; the others are, but nothing deletes them.
    """

    organization: str
    stack: str
    transfers: Transfers = field(default_factory=Transfers, compare=False, repr=False)
    released: Mapping[str, Release] = field(init=False, compare=False, repr=False)
    first: str = field(init=False, compare=False, repr=False)
    """The lowest id of the range."""
    last: str = field(init=False, compare=False, repr=False)
    """The highest id of the range."""
    _start: str = field(init=False, compare=False, repr=False)
    _hash: "hashlib._Hash" = field(init=False, compare=False, repr=False)
    _received: Mapping[Address, str] = field(init=False, compare=False, repr=False)
    _received_ids: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what all ids have in common: they are asked for by the thousand."""
        start = _start(self.organization, self.stack)
        object.__setattr__(self, "first", f"{start}000-8000-000000000000")
        object.__setattr__(self, "last", f"{start}fff-bfff-ffffffffffff")
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_hash", hashlib.sha256(f"{self.organization.lower()}/".encode()))
        received = {a: self._made(former) for a, former in self.transfers.received.items()}
        released = {self._made(former): way for former, way in self.transfers.released.items()}
        object.__setattr__(self, "_received", received)
        object.__setattr__(self, "_received_ids", frozenset(received.values()))
        object.__setattr__(self, "released", released)

    def __reduce__(self) -> tuple[type["Owner"], tuple[str, str, Transfers]]:
        """Copy what it was made of: the hash that all ids begin with cannot be copied."""
        return Owner, (self.organization, self.stack, self.transfers)

    def id_of(self, address: Address) -> str:
        """Compute the id of the row that this owner makes for an address, or received for it."""
        return (self._received and self._received.get(address)) or self._computed(
            self._start, address
        )

    def in_range(self, row_id: str) -> bool:
        """Tell whether an id lies in the range and has our version and variant."""
        return self.first <= row_id.lower() <= self.last and is_computed(row_id)

    def owns(self, row_id: str) -> bool:
        """Tell whether a row with this id is the owner's: made and kept, or received."""
        if row_id in self._received_ids:
            return True
        if not self.in_range(row_id):
            return False
        release = self.released.get(row_id) if self.released else None
        return release is None or release.to is None

    def outside(self) -> Iterator[tuple[str, str]]:
        """Give the rows, as kind and id, that were received or let go and lie in another range."""
        received = ((address.kind, row_id) for address, row_id in self._received.items())
        released = ((way.last.kind, row_id) for row_id, way in self.released.items())
        for kind, row_id in (*received, *released):
            if not self.in_range(row_id):
                yield kind, row_id

    def _made(self, former: Former) -> str:
        return self._computed(_start(self.organization, former.stack), former.address)

    def _computed(self, start: str, address: Address) -> str:
        kind, key = address
        whole = self._hash.copy()
        whole.update(f"{kind}.{key}".encode())
        tail = whole.hexdigest()
        return f"{start}{tail[1:4]}-{_VARIANT[tail[4]]}{tail[5:8]}-{tail[8:20]}"


def is_computed(row_id: str) -> bool:
    """Tell whether an id is of version 8, so made by some stack."""
    return len(row_id) == 36 and row_id[14] == "8" and row_id[19].lower() in "89ab"


@cache
def _start(organization: str, stack: str) -> str:
    mark = hashlib.sha256(f"{organization.lower()}/{stack}".encode()).hexdigest()[:12]
    return f"{mark[:8]}-{mark[8:]}-8"
