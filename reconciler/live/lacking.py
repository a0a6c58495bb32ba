"""What live has otherwise than the schemas: columns and kinds that it lacks, or has more."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..client.described import DescribedKind
from ..client.protocols import Reader
from ..diagnostics import ApiError

UNDEFINED = "42703"
"""PostgreSQL's code for a column that does not exist."""
_NAMED = re.compile(r'column (?:"?\w+"?\.)?"?(\w+)"? does not exist')
_SAMPLE = 1


@dataclass(frozen=True, slots=True)
class Deviation:
    """What one kind lacks and has more; None where nobody knows."""

    kind: str
    lacks: tuple[str, ...]
    more: tuple[str, ...]


async def lacking(
    client: Reader, kinds: Iterable[Kind], columns: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Find which columns live lacks, by kind; of what cannot be listed nobody knows."""
    return {
        kind.name: await _lacking(client, kind, columns[kind.name])
        for kind in kinds
        if kind.can_list
    }


async def _lacking(client: Reader, kind: Kind, columns: Sequence[str]) -> tuple[str, ...]:
    """Ask for some columns: the server names one that it lacks, and is asked without it."""
    left, found = list(columns), list[str]()
    while left:
        try:
            await client.peek(kind, left)
            break
        except ApiError as error:
            named = _NAMED.search(error.message) if error.code == UNDEFINED else None
            if named is None or named[1] not in left:
                raise
            left.remove(named[1])
            found.append(named[1])
    return tuple(found)


async def deviations(
    client: Reader, kinds: Iterable[Kind], described: Mapping[str, DescribedKind] | None
) -> tuple[list[Deviation], list[str]]:
    """Compare kinds with what the API says of itself, else with a row of each.

    Gives those that differ, and the names of those of which nothing is known.
    """
    found: list[Deviation] = []
    unknown: list[str] = []
    for kind in kinds:
        said = described.get(kind.name) if described else None
        columns = frozenset(said.columns) if said else None
        if not described:
            columns = await _of_a_row(client, kind)
        if columns is None:
            unknown.append(kind.name)
            continue
        lacks = tuple(name for name in kind.columns if name not in columns)
        more = tuple(sorted(columns - kind.columns.keys()))
        if lacks or more:
            found.append(Deviation(kind.name, lacks, more))
    return found, unknown


async def _of_a_row(client: Reader, kind: Kind) -> frozenset[str] | None:
    try:
        rows = await client.sample(kind, _SAMPLE)
    except ApiError:
        return None
    return frozenset(rows[0]) if rows else None
