"""Which rows to export: kinds, conditions, and what the chosen rows refer to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from ..catalogue import Kind
from ..catalogue.names import split_names
from ..client.filters import Condition
from ..diagnostics import UsageError

_WHERE = re.compile(
    r"(?P<kind>\w+):(?P<column>[\w>-]+?)=(?P<operator>(?:not\.)?\w+)\.(?P<value>.*)"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows to export; without kinds and conditions it is everything that can be.

    ``with_references`` adds what the chosen rows refer to, and what those refer to.
    """

    kinds: frozenset[str] = frozenset()
    where: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    with_references: bool = False

    @classmethod
    def given(
        cls,
        names: Iterable[str],
        where: Iterable[str],
        kinds: Mapping[str, Kind],
        *,
        with_references: bool = False,
    ) -> Self:
        """Read kinds and conditions as people give them; raises UsageError."""
        return cls(frozenset(split_names(names, kinds)), parse_where(where, kinds), with_references)

    @property
    def names(self) -> frozenset[str]:
        """The kinds that are named; none means all."""
        return self.kinds | self.where.keys()

    @property
    def is_whole(self) -> bool:
        """Tell whether everything is selected."""
        return not self.names

    def chosen(self, kinds: Mapping[str, Kind]) -> tuple[Kind, ...]:
        """List the kinds whose rows are read first; only what YAML can hold."""
        names = self.names or frozenset(kinds)
        return tuple(k for k in kinds.values() if k.name in names and k.in_yaml and k.can_list)


def parse_where(
    texts: Iterable[str], kinds: Mapping[str, Kind]
) -> dict[str, tuple[Condition, ...]]:
    """Read ``contacts:email=like.*@example.com``; raises UsageError, without the value."""
    conditions: dict[str, tuple[Condition, ...]] = {}
    for number, text in enumerate(texts, 1):
        found = _WHERE.fullmatch(text)
        if not found:
            raise UsageError(
                f"--where number {number} is not KIND:COLUMN=OPERATOR.VALUE",
                hint="such as --where 'contacts:email=like.*@example.com'",
            )
        kind = kinds.get(found["kind"])
        column = found["column"].partition("-")[0]
        if kind is None or column not in kind.columns:
            raise UsageError(f"--where: there is no column {found['kind']}.{column}")
        if kind.columns[column].sensitive:
            raise UsageError(f"--where: {kind.name}.{column} is a secret")
        condition = Condition(found["column"], found["operator"], found["value"])
        conditions[kind.name] = (*conditions.get(kind.name, ()), condition)
    return conditions
