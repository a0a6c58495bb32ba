"""The columns of a create: there may be a million, so each is made when it is asked for."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..configuration.resource import Value, not_plain
from ..identity.resolve import Resolver
from ..plan.change import Difference, New
from ..values.sent import Sent


class Created(New):
    """What a resource gives, as differences from nothing."""

    __slots__ = ("_open", "_resolver", "_values")

    def __init__(self, values: Mapping[str, Value], resolver: Resolver) -> None:
        self._values = values
        self._resolver = resolver
        self._open = not_plain(values)

    def __getitem__(self, name: str) -> Difference:
        """Make the difference of one column; raises KeyError."""
        return Difference(None, self._resolver.value(self._values[name]))

    def sent(self) -> Iterator[tuple[str, Sent]]:
        """Give each column with its value; those of nearly all resources need no resolving."""
        sent = cast("Mapping[str, Sent]", self._values)
        if self._open:
            resolved = {name: self._resolver.value(self._values[name]) for name in self._open}
            sent = {**sent, **resolved}
        return iter(sent.items())

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns."""
        return iter(self._values)

    def __len__(self) -> int:
        """Count the columns."""
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        """Tell whether a column is given."""
        return name in self._values

    def __repr__(self) -> str:
        """Name the columns; their values may be personal."""
        return f"Created({', '.join(self._values)})"
