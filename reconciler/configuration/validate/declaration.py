"""One resource as it is written, before any of its values is read."""

from typing import NamedTuple

from ...diagnostics import Position
from ...values.address import Address
from ..load.nodes import BlockNode, MappingNode, Origin, Scalar
from ..words import ABSENT, RENAMED_FROM


class Declared(NamedTuple):
    """A resource as written: its ``columns`` and ``$`` entries; it begins at ``start``.

    What is ``misshapen`` has no columns, but other resources may refer to it.
    """

    address: Address
    columns: MappingNode
    origin: Origin
    start: int
    misshapen: bool = False

    @property
    def position(self) -> Position:
        """Where it begins; made when asked for, since a file may have a million."""
        return self.origin.at(self.start)

    @property
    def absent(self) -> bool:
        """Tell whether it is marked as one that shall not exist."""
        if isinstance(self.columns, BlockNode):
            return False  # it has columns only
        return self._said(ABSENT) == "true"

    @property
    def renamed_from(self) -> str | None:
        """The key that it had before, as it is written."""
        return None if isinstance(self.columns, BlockNode) else self._said(RENAMED_FROM)

    def _said(self, name: str) -> str | None:
        entry = self.columns.entries.get(name)
        return entry.value.text if entry and isinstance(entry.value, Scalar) else None
