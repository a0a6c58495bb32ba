"""Read the rows to export: page by page into the spool, several kinds at a time."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping

from ..catalogue import Kind
from ..client.filters import one_of, value_chunks
from ..client.forms import OddRow
from ..client.protocols import Reader
from ..diagnostics import ApiError, AuthorizationError, IncompleteReadError
from ..values.sent import Row, rows_in
from .selection import Selection
from .spool import Spool, Tell


async def read_into(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], selection: Selection, tell: Tell
) -> None:
    """Read the selected rows; kinds that may not be read are noted, unless they were asked for."""
    chosen = selection.chosen(kinds)
    await _together(_read_kind(spool, client, kind, selection, tell) for kind in chosen)
    if selection.with_references:
        await _read_references(spool, client, kinds, tell)


async def read_profiles(
    client: Reader, spool: Spool, kinds: Mapping[str, Kind]
) -> Mapping[str, Mapping[str, Row]]:
    """Read the rows that inputs stand for, such as the profiles of members."""
    wanted = {
        column.reference.kind
        for name, ids in spool.ids.items()
        for given in kinds[name].inputs.values()
        if (column := kinds[name].columns.get((given.stands_for or "").partition(".")[0]))
        and column.reference
        and ids
    }
    return {
        name: {
            str(row[kinds[name].id_column]): row
            for row in await client.read(kinds[name], ["*"], [], spool.odd)
        }
        for name in wanted
    }


async def _read_kind(
    spool: Spool, client: Reader, kind: Kind, selection: Selection, tell: Tell
) -> None:
    conditions = selection.where.get(kind.name, ())
    try:
        for attempt in range(2):  # rows that others delete meanwhile look like missing, once
            odd: list[OddRow] = []
            try:
                async for page in client.pages(kind, ["*"], conditions, odd):
                    spool.add(kind, page)
                    tell(kind.name, len(spool.ids[kind.name]))
                spool.odd += odd
                return
            except IncompleteReadError:
                if attempt:
                    raise
    except ApiError as error:
        if kind.name in selection.kinds or kind.name in selection.where or not _refused(error):
            raise
        spool.unread[kind.name] = error.message


async def _read_references(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], tell: Tell
) -> None:
    asked: set[tuple[str, str]] = set()
    while missing := _missing(spool, kinds) - asked:
        asked |= missing
        by_kind: dict[str, list[str]] = {}
        for name, row_id in sorted(missing):
            by_kind.setdefault(name, []).append(row_id)
        await _together(_read_rows(spool, client, kinds[n], i, tell) for n, i in by_kind.items())


async def _read_rows(spool: Spool, client: Reader, kind: Kind, ids: list[str], tell: Tell) -> None:
    try:
        for chunk in value_chunks(ids):
            condition = one_of(kind.id_column, chunk)
            spool.add(kind, await client.read(kind, ["*"], [condition], spool.odd))
            tell(kind.name, len(spool.ids[kind.name]))
    except ApiError as error:
        if not _refused(error):
            raise
        spool.unread[kind.name] = error.message


def _missing(spool: Spool, kinds: Mapping[str, Kind]) -> set[tuple[str, str]]:
    return {
        target
        for name in list(spool.ids)
        for target in _targets(spool, kinds[name])
        if not spool.has(*target) and _in_yaml(kinds.get(target[0]))
    }


def _targets(spool: Spool, kind: Kind) -> Iterator[tuple[str, str]]:
    columns = [c for c in kind.columns.values() if (c.reference or c.places) and c.writable]
    if columns:
        for row in spool.rows(kind.name):
            for column in columns:
                yield from rows_in(column, row.get(column.name))


def _in_yaml(kind: Kind | None) -> bool:
    return kind is not None and kind.in_yaml and kind.can_list


def _refused(error: ApiError) -> bool:
    return isinstance(error, AuthorizationError) or error.status == 404


async def _together(reads: Iterable[Awaitable[None]]) -> None:
    """Wait for all, so that none is still writing when the first error is raised."""
    for result in await asyncio.gather(*reads, return_exceptions=True):
        if result is not None:
            raise result
