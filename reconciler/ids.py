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
import uuid
from dataclasses import dataclass
from functools import cache

from .values.address import Address


@dataclass(frozen=True, slots=True)
class Owner:
    """A stack in an organization: what owns a range of ids."""

    organization: str
    stack: str

    def id_of(self, address: Address) -> str:
        """Compute the id of the row that this owner makes for an address."""
        tail = _digest(f"{self.organization.lower()}/{address}")[:10]
        return str(uuid.UUID(bytes=_versioned(_mark(self.organization, self.stack) + tail)))

    @property
    def first(self) -> str:
        """The lowest id of the range."""
        return f"{self._prefix}-8000-8000-000000000000"

    @property
    def last(self) -> str:
        """The highest id of the range."""
        return f"{self._prefix}-8fff-bfff-ffffffffffff"

    def owns(self, row_id: str) -> bool:
        """Tell whether an id lies in the range and has our version and variant."""
        return self.first <= row_id.lower() <= self.last and is_computed(row_id)

    @property
    def _prefix(self) -> str:
        mark = _mark(self.organization, self.stack).hex()
        return f"{mark[:8]}-{mark[8:]}"


def is_computed(row_id: str) -> bool:
    """Tell whether an id is of version 8, so made by some stack."""
    return len(row_id) == 36 and row_id[14] == "8" and row_id[19].lower() in "89ab"


@cache
def _mark(organization: str, stack: str) -> bytes:
    return _digest(f"{organization.lower()}/{stack}")[:6]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _versioned(raw: bytes) -> bytes:
    octets = bytearray(raw)
    octets[6] = octets[6] & 0x0F | 0x80
    octets[8] = octets[8] & 0x3F | 0x80
    return bytes(octets)
