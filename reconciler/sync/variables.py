"""Variables that stand where live values differ: they are never replaced by a value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..values.address import Address
from ..values.column import Column
from .holding import Need, variables_in


class Use(NamedTuple):
    """A variable in a column that differs."""

    address: Address
    column: Column
    need: Need


@dataclass(slots=True)
class Uses:
    """The variables in the way of live values; each is told once."""

    found: dict[tuple[Address, str], list[Use]] = field(default_factory=dict)

    def add(self, address: Address, column: Column, need: Need) -> None:
        """Note that a variable stands where something differs."""
        self.found.setdefault((address, column.name), []).append(Use(address, column, need))

    def notes(self) -> Iterator[str]:
        """Say which values are left to their variables."""
        for (address, column), uses in self.found.items():
            names = dict.fromkeys(name for use in uses for name in variables_in(use.need.node))
            marks = ", ".join(f"${{{name}}}" for name in names)
            yield f"{address} is left as it is: {column} differs, but {marks} gives it"
