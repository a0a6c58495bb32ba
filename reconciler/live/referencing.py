"""Who references rows that are to be deleted.

Asked are the ids, some at a time. Where these are many, and a kind has few rows, all of its rows
that reference any are read instead: most kinds have none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..client.filters import Condition, one_of, value_chunks
from ..client.protocols import PAGE, Reader
from ..diagnostics import ApiError
from ..values.column import Column
from ..values.sent import rows_in
from .rows import FEW_REQUESTS
from .together import all_or_refused

UNREADABLE = "?"
"""Stands for the id of a referencing row in a kind that cannot be read."""


async def read_referencing(
    client: Reader, kinds: Mapping[str, Kind], ids: Mapping[str, Iterable[str]]
) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Find who references some rows: (kind, id) → the (kind, id) of each that does.

    Only kinds that can be listed and written count: list-only kinds are the server's history.
    One that cannot be read, or holds odd rows, stands as ``(kind, UNREADABLE)`` for every row
    asked about.
    """
    wanted = {kind: sorted({*some}) for kind, some in ids.items()}
    chunks = {kind: tuple(value_chunks(some)) for kind, some in wanted.items()}
    columns = [
        (kind, column)
        for kind in kinds.values()
        if kind.can_list and kind.verbs.keys() - {"list"}
        for column in kind.columns.values()
        if not column.unconfirmed
    ]
    pages = await _pages(client, columns, chunks)
    searches = [
        search
        for kind, column in columns
        for search in _searches(kind, column, wanted, chunks, pages.get(kind.name))
    ]
    results = await all_or_refused(
        client.read(search.kind, [search.kind.id_column, search.column.name], [search.condition])
        for search in searches
    )
    asked = {(kind, row_id) for kind, some in wanted.items() for row_id in some}
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for search, result in zip(searches, results, strict=True):
        if isinstance(result, ApiError):
            for target in search.targets:
                found.setdefault(target, set()).add((search.kind.name, UNREADABLE))
            continue
        for row in result:
            source = (search.kind.name, str(row[search.kind.id_column]))
            for target in rows_in(search.column, row[search.column.name]):
                if target in asked:
                    found.setdefault(target, set()).add(source)
    return {row: frozenset(sources) for row, sources in found.items()}


@dataclass(frozen=True, slots=True)
class _Search:
    """One request for the rows of a kind that may reference some targets in one column."""

    kind: Kind
    column: Column
    condition: Condition
    targets: tuple[tuple[str, str], ...]


async def _pages(
    client: Reader,
    columns: Iterable[tuple[Kind, Column]],
    chunks: Mapping[str, Sequence[Sequence[str]]],
) -> Mapping[str, float]:
    """Count the pages of each kind that many requests would be sent to, where the server says."""
    many = {
        kind.name: kind
        for kind, column in columns
        if column.reference and len(chunks.get(column.reference.kind, ())) > FEW_REQUESTS
    }
    totals = await all_or_refused(client.count(kind) for kind in many.values())
    found = zip(many, totals, strict=True)
    return {name: total / PAGE for name, total in found if isinstance(total, int)}


def _searches(
    kind: Kind,
    column: Column,
    wanted: Mapping[str, Sequence[str]],
    chunks: Mapping[str, Sequence[Sequence[str]]],
    pages: float | None,
) -> Iterator[_Search]:
    if column.reference:
        target = column.reference.kind
        some = chunks.get(target, ())
        if pages is not None and max(pages, FEW_REQUESTS) < len(some):
            some = ()
            targets = tuple((target, row_id) for row_id in wanted[target])
            yield _Search(kind, column, Condition(column.name, "not.is", "null"), targets)
        for chunk in some:
            targets = tuple((target, row_id) for row_id in chunk)
            yield _Search(kind, column, one_of(column.name, chunk), targets)
    inside = sorted({place.target.kind for place in column.places} & wanted.keys())
    targets = tuple((target, row_id) for target in inside for row_id in wanted[target])
    if targets:  # no server looks for an id at any depth, so all that is not empty is read
        yield _Search(kind, column, Condition(column.name, "neq", "{}"), targets)
