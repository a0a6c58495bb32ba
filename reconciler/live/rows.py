"""Read live rows: what is ours, what is bound, and answers to questions of identity.

Never more than is needed: our own range of ids by primary key, bound rows by id (or the whole
kind where that takes fewer requests), and natural keys only of resources not found otherwise.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..catalogue import Kind
from ..client.filters import Condition, in_range, one_of, value_chunks
from ..client.forms import OddRow
from ..client.protocols import PAGE, Reader
from ..diagnostics import ApiError, PlanError, Problem, ReconcilerError
from ..ids import Owner
from ..values.sent import Row
from .together import all_or_refused

FEW_REQUESTS = 4
"""So many requests for rows by their ids are never worth a look at how many rows there are."""


class Question(NamedTuple):
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


async def read_owned(client: Reader, owner: Owner, wanted: Iterable[Wanted]) -> Live:
    """Read our own range and the bound rows of every wanted kind.

    Raises PlanError naming every kind of the YAML that may not be read.
    """
    wanted = tuple(wanted)
    odd: list[OddRow] = []
    results = await all_or_refused(_read_kind(client, owner, want, odd) for want in wanted)
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
    results = await all_or_refused(
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
    results = await all_or_refused(
        client.read(kind, ["*"], [condition], odd) for kind, condition in batches
    )
    for (kind, _), result in zip(batches, results, strict=True):
        if isinstance(result, ApiError):
            raise result
        rows.setdefault(kind.name, {}).update((str(row[kind.id_column]), row) for row in result)
    return rows


async def _read_kind(client: Reader, owner: Owner, want: Wanted, odd: list[OddRow]) -> list[Row]:
    outside = sorted(row_id for row_id in want.ids if not (want.owned and owner.in_range(row_id)))
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
    return row_id in want.ids or (want.owned and owner.in_range(row_id))


def _unreadable(kind: str, error: ReconcilerError) -> Problem:
    return Problem("unreadable-kind", f"{kind} cannot be read: {error.message}", hint=error.hint)
