"""What a rehearsal needs of the live organization: what the plan read, and what that refers to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..catalogue import Kind
from ..client.client import ApiReader
from ..client.connection import Connection
from ..client.filters import Condition
from ..client.forms import OddRow
from ..client.protocols import Reader
from ..configuration.resource import Configuration, IdReference
from ..diagnostics import ApiError, OddRowError
from ..live.rows import read_whole_rows
from ..values.sent import Row

Ids = dict[str, set[str]]


class Recorder(ApiReader):
    """A reader that remembers which rows it has read."""

    def __init__(self, connection: Connection, *, parallelism: int) -> None:
        super().__init__(connection, parallelism=parallelism)
        self.seen: Ids = {}

    async def read(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> list[Row]:
        """Read, and remember the ids."""
        rows = await super().read(kind, columns, conditions, odd)
        ids = self.seen.setdefault(kind.name, set())
        ids.update(str(row[kind.id_column]) for row in rows)
        return rows


async def rows_to_copy(
    reader: Recorder, kinds: Mapping[str, Kind], configuration: Configuration
) -> Mapping[str, Mapping[str, Row]]:
    """Read whole what the plan has read, what the YAML names by id, and all that these refer to."""
    wanted: Ids = {kind: set(ids) for kind, ids in reader.seen.items()}
    for kind, row_id in _named(configuration):
        wanted.setdefault(kind, set()).add(row_id)
    copied: dict[str, dict[str, Row]] = {}
    while missing := _missing(wanted, copied):
        for name, ids in missing.items():
            rows = await _read(reader, kinds, name, ids)
            known = copied.setdefault(name, {})
            known.update(rows)
            known.update((row_id, {}) for row_id in ids - rows.keys())  # it is not there
            _follow(kinds[name], rows.values(), kinds, wanted)
    return {name: {i: row for i, row in rows.items() if row} for name, rows in copied.items()}


async def _read(
    reader: Reader, kinds: Mapping[str, Kind], name: str, ids: set[str]
) -> Mapping[str, Row]:
    try:
        rows = await read_whole_rows(reader, kinds, {name: ids})
    except OddRowError:
        raise  # without it the rehearsal would be of another plan
    except ApiError:
        return {}  # a kind that this key may not read is not part of its plan either
    return rows.get(name, {})


def _named(configuration: Configuration) -> Iterator[tuple[str, str]]:
    for resource in configuration.resources.values():
        for reference in resource.references:
            if isinstance(reference, IdReference):
                yield reference.kind, reference.id


def _missing(wanted: Ids, copied: Mapping[str, Mapping[str, Row]]) -> Ids:
    return {
        kind: new
        for kind, ids in wanted.items()
        if (new := {row_id for row_id in ids if row_id not in copied.get(kind, {})})
    }


def _follow(kind: Kind, rows: Iterable[Row], kinds: Mapping[str, Kind], wanted: Ids) -> None:
    for row in rows:
        for column in kind.references:
            target = column.reference
            if target and target.kind in kinds and row.get(column.name):
                wanted.setdefault(target.kind, set()).add(str(row[column.name]))
