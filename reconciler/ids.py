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
from dataclasses import dataclass, field
from functools import cache

from .values.address import Address

_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


@dataclass(frozen=True, slots=True)
class Owner:
    """A stack in an organization: what owns a range of ids."""

    organization: str
    stack: str
    first: str = field(init=False, compare=False, repr=False)
    """The lowest id of the range."""
    last: str = field(init=False, compare=False, repr=False)
    """The highest id of the range."""
    _start: str = field(init=False, compare=False, repr=False)
    _hash: "hashlib._Hash" = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what all ids have in common: they are asked for by the thousand."""
        mark = _mark(self.organization, self.stack)
        start = f"{mark[:8]}-{mark[8:]}-8"
        object.__setattr__(self, "first", f"{start}000-8000-000000000000")
        object.__setattr__(self, "last", f"{start}fff-bfff-ffffffffffff")
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_hash", hashlib.sha256(f"{self.organization.lower()}/".encode()))

    def id_of(self, address: Address) -> str:
        """Compute the id of the row that this owner makes for an address."""
        kind, key = address
        whole = self._hash.copy()
        whole.update(f"{kind}.{key}".encode())
        tail = whole.hexdigest()
        return f"{self._start}{tail[1:4]}-{_VARIANT[tail[4]]}{tail[5:8]}-{tail[8:20]}"

    def owns(self, row_id: str) -> bool:
        """Tell whether an id lies in the range and has our version and variant."""
        return self.first <= row_id.lower() <= self.last and is_computed(row_id)


def is_computed(row_id: str) -> bool:
    """Tell whether an id is of version 8, so made by some stack."""
    return len(row_id) == 36 and row_id[14] == "8" and row_id[19].lower() in "89ab"


@cache
def _mark(organization: str, stack: str) -> str:
    return hashlib.sha256(f"{organization.lower()}/{stack}".encode()).hexdigest()[:12]
