"""Columns that the server moves by itself: they change although the row's version does not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..catalogue import Kind
from ..client.protocols import Reader
from ..diagnostics import ApiError

MOST_ROWS = 1000
"""How many rows of a kind are looked at."""

Rows = Mapping[str, Mapping[str, object]]
Samples = Mapping[str, Rows]
Moved = Counter[tuple[str, str]]


async def take_samples(client: Reader, kinds: Sequence[Kind]) -> Samples:
    """Read the first rows of every kind that has a version column and may be read."""
    samples: dict[str, Rows] = {}
    for kind in kinds:
        if kind.version:
            try:
                rows = await client.sample(kind, MOST_ROWS)
            except ApiError:
                continue
            samples[kind.name] = {str(row.get(kind.id_column)): row for row in rows}
    return samples


def moved(before: Samples, after: Samples, kinds: Mapping[str, Kind]) -> Moved:
    """Count, by kind and column, the rows where a column moved and the version did not.

    Columns that are known for it, or that only the server writes, do not count.
    """
    found: Moved = Counter()
    for name, rows in after.items():
        kind = kinds[name]
        for row_id, row in rows.items():
            was = before.get(name, {}).get(row_id)
            if was is not None and was.get(kind.version or "") == row.get(kind.version or ""):
                found.update((name, column) for column in _differing(kind, was, row))
    return found


def _differing(kind: Kind, was: Mapping[str, object], row: Mapping[str, object]) -> Iterator[str]:
    for column in kind.columns.values():
        there = column.exported and column.name in was and column.name in row
        if there and was[column.name] != row[column.name]:
            yield column.name
