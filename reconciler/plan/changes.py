"""The changes of a document, each made when it is looked at: a million would need gigabytes."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from .shape import ChangeDocument, ChangeHead


class Changes(Sequence[ChangeDocument]):
    """Changes by their number, and what is quickly said of each."""

    def __init__(
        self,
        number: int,
        make: Callable[[int], ChangeDocument],
        head: Callable[[int], ChangeHead],
    ) -> None:
        self._number = number
        self._make = make
        self._head = head

    @classmethod
    def of(cls, changes: Sequence[ChangeDocument]) -> "Changes":
        """Take changes that are made already, too."""
        if isinstance(changes, Changes):
            return changes
        return cls(len(changes), changes.__getitem__, changes.__getitem__)

    def __len__(self) -> int:
        """Count the changes."""
        return self._number

    @overload
    def __getitem__(self, at: int) -> ChangeDocument: ...

    @overload
    def __getitem__(self, at: slice) -> list[ChangeDocument]: ...

    def __getitem__(self, at: int | slice) -> ChangeDocument | list[ChangeDocument]:
        """Make one change, or some; raises IndexError."""
        if isinstance(at, slice):
            return [self._make(number) for number in range(self._number)[at]]
        return self._make(range(self._number)[at])

    def __iter__(self) -> Iterator[ChangeDocument]:
        """Make one change after the other."""
        return map(self._make, range(self._number))

    @property
    def heads(self) -> Iterator[ChangeHead]:
        """Say of each what it is, without its columns."""
        return map(self._head, range(self._number))

    def only(self, numbers: Sequence[int]) -> "Changes":
        """Choose some of them."""
        return Changes(
            len(numbers), lambda at: self._make(numbers[at]), lambda at: self._head(numbers[at])
        )

    def mapped(
        self,
        change: Callable[[ChangeDocument], ChangeDocument],
        head: Callable[[ChangeHead], ChangeHead],
    ) -> "Changes":
        """Say them in another way."""
        return Changes(
            self._number, lambda at: change(self._make(at)), lambda at: head(self._head(at))
        )

    def watched(self, look: Callable[[int, ChangeDocument], None]) -> "Changes":
        """Let somebody look at each that is made, by its number."""

        def make(at: int) -> ChangeDocument:
            change = self._make(at)
            look(at, change)
            return change

        return Changes(self._number, make, self._head)
