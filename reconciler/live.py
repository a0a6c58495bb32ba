"""Read the live organization: what is ours, what is bound, and answers to questions of identity.

Never more than is needed: our own range of ids by primary key, bound rows by id (or the whole
kind where that takes fewer requests), and natural keys only of resources not found otherwise.
"""

import asyncio
from collections.abc import Awaitable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from .change import Row, rows_in
from .client import PAGE, Condition, OddRow, Reader, in_range, one_of, value_chunks
from .errors import (
    ApiError,
    AuthorizationError,
    IncompleteReadError,
    OddRowError,
    PlanError,
    Problem,
    ReconcilerError,
    UsageError,
)
from .ids import Owner
from .kind import Column, Kind

FEW_REQUESTS = 4
"""So many requests for rows by their ids are never worth a look at how many rows there are."""

Answer = TypeVar("Answer")

UNREADABLE = "?"
"""Stands for the id of a referencing row in a kind that cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Asks which rows of a kind have this text in this column (or JSON path)."""

    kind: str
    part: str
    value: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of one kind: which columns, our own range or not, and which ids besides.

    ``named`` tells that YAML names the kind, so that it must be readable.
    """

    kind: Kind
    columns: tuple[str, ...]
    owned: bool
    ids: frozenset[str] = frozenset()
    named: bool = True


@dataclass(frozen=True, slots=True)
class Live:
    """What was read: rows by kind and id, which questions have been answered, and what could not.

    ``unread`` says of a kind why its rows are not known; nothing is deleted there, nor where rows
    are ``odd``: those are not among the rows.
    """

    organization: str
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    asked: frozenset[Question] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)
    odd: Mapping[str, Mapping[str, OddRow]] = field(default_factory=dict)

    def odd_row(self, kind: str, row_id: str) -> OddRow | None:
        """Give a row that was read, but is not of the form that its kind has."""
        return self.odd.get(kind, {}).get(row_id)

    def of_kind(self, kind: str) -> Mapping[str, Row]:
        """Give the rows of a kind that were read, by id."""
        return self.rows.get(kind, {})


async def read_organization(
    client: Reader, tenant: Kind, wanted: str | None, not_for: Container[str] = ()
) -> str:
    """Find the organization that the key opens; raises UsageError where it is not the wanted."""
    organization = await _organization(client, tenant, wanted)
    if organization in not_for:
        raise UsageError(
            f"the configuration is not for organization {organization}: `not_for` names it",
            hint="use the key of another organization; a redacted export is not for its own",
        )
    return organization


async def _organization(client: Reader, tenant: Kind, wanted: str | None) -> str:
    rows = await client.read(tenant, [tenant.id_column], [])
    seen = [str(row[tenant.id_column]).lower() for row in rows]
    if wanted is None and len(seen) == 1:
        return seen[0]
    if wanted is not None and wanted.lower() in seen:
        return wanted.lower()
    if not seen:
        raise UsageError(
            "the API key sees no organization",
            hint="give the key at least the right to read in the area Organization",
        )
    if wanted is None:
        raise UsageError(
            f"the API key sees {len(seen)} organizations: {', '.join(sorted(seen))}",
            hint="name one of them under reconciler: organization: in the configuration",
        )
    raise UsageError(
        f"the API key is of organization {', '.join(sorted(seen))}, not of {wanted.lower()}",
        hint="use the key of the organization that the configuration names",
    )


async def read_owned(client: Reader, owner: Owner, wanted: Iterable[Wanted]) -> Live:
    """Read our own range and the bound rows of every wanted kind.

    Raises PlanError naming every kind of the YAML that may not be read.
    """
    wanted = tuple(wanted)
    odd: list[OddRow] = []
    results = await _all(_read_kind(client, owner, want, odd) for want in wanted)
    rows: dict[str, Mapping[str, Row]] = {}
    unread: dict[str, str] = {}
    problems: list[Problem] = []
    for want, result in zip(wanted, results, strict=True):
        if isinstance(result, ApiError):
            unread[want.kind.name] = result.message
            problems += [_unreadable(want.kind.name, result)] if want.named else []
        else:
            rows[want.kind.name] = {str(row[want.kind.id_column]): row for row in result}
    if problems:
        raise PlanError(tuple(problems))
    return Live(owner.organization, rows, unread=unread, odd=_with_odd({}, odd))


async def ask(
    client: Reader,
    live: Live,
    kinds: Mapping[str, Kind],
    columns: Mapping[str, tuple[str, ...]],
    questions: frozenset[Question],
) -> Live:
    """Answer questions of identity; gives the live state with the rows found added."""
    by_part: dict[tuple[str, str], list[str]] = {}
    for question in sorted(questions):
        by_part.setdefault((question.kind, question.part), []).append(question.value)
    batches = [
        (kinds[kind], one_of(part, chunk))
        for (kind, part), values in by_part.items()
        for chunk in value_chunks(values)
    ]
    odd: list[OddRow] = []
    results = await _all(
        client.read(kind, columns[kind.name], [condition], odd) for kind, condition in batches
    )
    rows = {name: dict(found) for name, found in live.rows.items()}
    problems: list[Problem] = []
    for (kind, _), result in zip(batches, results, strict=True):
        if isinstance(result, ApiError):
            problems.append(_unreadable(kind.name, result))
        else:
            found = {str(row[kind.id_column]): row for row in result}
            rows[kind.name] = {**found, **rows.get(kind.name, {})}
    if problems:
        raise PlanError(tuple(dict.fromkeys(problems)))
    asked = live.asked | questions
    return replace(live, rows=rows, asked=asked, odd=_with_odd(live.odd, odd))


def _with_odd(
    known: Mapping[str, Mapping[str, OddRow]], odd: Iterable[OddRow]
) -> Mapping[str, Mapping[str, OddRow]]:
    by_kind = {kind: dict(rows) for kind, rows in known.items()}
    for row in odd:
        by_kind.setdefault(row.kind, {})[row.id] = row
    return by_kind


async def read_whole_rows(
    client: Reader,
    kinds: Mapping[str, Kind],
    ids: Mapping[str, Iterable[str]],
    odd: list[OddRow] | None = None,
) -> Mapping[str, Mapping[str, Row]]:
    """Read rows with all their columns, by kind and id; a row that is gone is left out.

    Odd rows go into ``odd``; without it they raise OddRowError.
    """
    batches = [
        (kinds[name], one_of(kinds[name].id_column, chunk))
        for name, wanted in ids.items()
        for chunk in value_chunks(sorted(wanted))
    ]
    rows: dict[str, dict[str, Row]] = {}
    results = await _all(client.read(kind, ["*"], [condition], odd) for kind, condition in batches)
    for (kind, _), result in zip(batches, results, strict=True):
        if isinstance(result, ApiError):
            raise result
        rows.setdefault(kind.name, {}).update((str(row[kind.id_column]), row) for row in result)
    return rows


async def read_referencing(
    client: Reader, kinds: Mapping[str, Kind], ids: Mapping[str, Iterable[str]]
) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Find who references some rows: (kind, id) → the (kind, id) of each that does.

    Only kinds that can be listed and written count: list-only kinds are the server's history.
    One that cannot be read, or holds odd rows, stands as ``(kind, UNREADABLE)`` for every row
    asked about.
    """
    wanted = {(kind, row_id) for kind, some in ids.items() for row_id in some}
    searches = [
        search
        for kind in kinds.values()
        if kind.can_list and kind.verbs.keys() - {"list"}
        for column in kind.columns.values()
        if not column.unconfirmed
        for search in _searches(kind, column, wanted)
    ]
    results = await _all(
        client.read(search.kind, [search.kind.id_column, search.column.name], [search.condition])
        for search in searches
    )
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for search, result in zip(searches, results, strict=True):
        if isinstance(result, ApiError):
            for target in search.targets:
                found.setdefault(target, set()).add((search.kind.name, UNREADABLE))
            continue
        for row in result:
            source = (search.kind.name, str(row[search.kind.id_column]))
            for target in rows_in(search.column, row[search.column.name]):
                if target in wanted:
                    found.setdefault(target, set()).add(source)
    return {row: frozenset(sources) for row, sources in found.items()}


@dataclass(frozen=True, slots=True)
class _Search:
    """One request for the rows of a kind that may reference some targets in one column."""

    kind: Kind
    column: Column
    condition: Condition
    targets: tuple[tuple[str, str], ...]


def _searches(kind: Kind, column: Column, wanted: set[tuple[str, str]]) -> Iterator[_Search]:
    if column.reference:
        target = column.reference.kind
        for chunk in value_chunks(sorted(i for k, i in wanted if k == target)):
            targets = tuple((target, row_id) for row_id in chunk)
            yield _Search(kind, column, one_of(column.name, chunk), targets)
    inside = {place.target.kind for place in column.places}
    targets = tuple(sorted(row for row in wanted if row[0] in inside))
    if targets:  # no server looks for an id at any depth, so all that is not empty is read
        yield _Search(kind, column, Condition(column.name, "neq", "{}"), targets)


async def _read_kind(client: Reader, owner: Owner, want: Wanted, odd: list[OddRow]) -> list[Row]:
    outside = sorted(row_id for row_id in want.ids if not (want.owned and owner.owns(row_id)))
    chunks = list(value_chunks(outside))
    if len(chunks) > FEW_REQUESTS and await _whole_is_less(client, want.kind, len(chunks)):
        strange: list[OddRow] = []
        rows = await client.read(want.kind, want.columns, (), strange)
        odd += (row for row in strange if _is_wanted(row.id, want, owner))
        return [row for row in rows if _is_wanted(str(row[want.kind.id_column]), want, owner)]
    reads: list[tuple[Condition, ...]] = []
    if want.owned:
        reads.append(in_range(want.kind.id_column, owner.first, owner.last))
    reads += [(one_of(want.kind.id_column, chunk),) for chunk in chunks]
    pages = await asyncio.gather(
        *(client.read(want.kind, want.columns, conditions, odd) for conditions in reads)
    )
    return [row for page in pages for row in page]


async def _whole_is_less(client: Reader, kind: Kind, requests: int) -> bool:
    """Tell whether reading all rows, page by page, takes fewer requests."""
    total = await client.count(kind)
    return total is not None and total / PAGE < requests


def _is_wanted(row_id: str, want: Wanted, owner: Owner) -> bool:
    return row_id in want.ids or (want.owned and owner.owns(row_id))


async def _all(reads: Iterable[Awaitable[Answer]]) -> list[Answer | ApiError]:
    """Carry out reads together; what one kind refuses comes back as a value, the rest is raised."""
    results = await asyncio.gather(*reads, return_exceptions=True)
    settled: list[Answer | ApiError] = []
    for result in results:
        if isinstance(result, BaseException) and not _is_refusal(result):
            raise result
        settled.append(result)  # type: ignore[arg-type]  # refusals are ApiErrors
    return settled


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, AuthorizationError | IncompleteReadError | OddRowError) or (
        isinstance(error, ApiError) and error.status == 404
    )


def _unreadable(kind: str, error: ReconcilerError) -> Problem:
    return Problem("unreadable-kind", f"{kind} cannot be read: {error.message}", hint=error.hint)


async def probe(client: Reader, kinds: Iterable[Kind]) -> Mapping[str, str | None]:
    """Try to read one row of each kind; gives why not where the key may not."""
    kinds = tuple(kinds)
    results = await _all(client.peek(kind) for kind in kinds)
    return {
        kind.name: result.message if isinstance(result, ApiError) else None
        for kind, result in zip(kinds, results, strict=True)
    }
