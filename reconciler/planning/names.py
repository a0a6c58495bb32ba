"""The names of rows, by their ids."""

from collections.abc import Iterator, Mapping

from ..values.address import Address


class Names(Mapping[str, str]):
    """Addresses as texts by the ids of their rows; written when the first is asked for.

    A plan with nothing to do asks for none.
    """

    def __init__(self, ids: Mapping[Address, str | None]) -> None:
        self._ids = ids
        self._written: dict[str, str] | None = None

    @property
    def written(self) -> Mapping[str, str]:
        """All of them: where many are asked for, a mapping of Python's own takes less time."""
        if self._written is None:
            self._written = {i: str(address) for address, i in self._ids.items() if i}
        return self._written

    def __getitem__(self, row_id: str) -> str:
        """Name a row; raises KeyError."""
        return self.written[row_id]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self.written)

    def __len__(self) -> int:
        """Count the rows that have names."""
        return len(self.written)
