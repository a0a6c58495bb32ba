"""Rows on the disk between reading and writing, so that memory does not grow with them."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from ..change import Row
from ..client import Reader, one_of, value_chunks
from ..errors import ApiError, AuthorizationError
from ..kind import Kind
from .selection import Selection

Tell = Callable[[str, int], None]
"""Told the kind and how many of its rows have been read."""


class Spool:
    """Rows by kind, in files of a private folder that goes with the block."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        self.ids: dict[str, dict[str, None]] = {}
        self.unread: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Make the folder (only its owner may look into it)."""
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove everything."""
        self._stack.close()

    def add(self, kind: Kind, rows: Iterable[Row]) -> None:
        """Put rows away; one that is there already is not put twice."""
        known = self.ids.setdefault(kind.name, {})
        file = self._file(kind.name)
        for row in rows:
            row_id = str(row[kind.id_column])
            if row_id not in known:
                known[row_id] = None
                file.write(orjson.dumps(row) + b"\n")

    def rows(self, kind: str) -> Iterator[Row]:
        """Take the rows of a kind out again, in the order they were put."""
        if kind not in self._files:
            return
        self._files[kind].flush()
        with (self._folder / kind).open("rb") as file:
            for line in file:
                yield orjson.loads(line)

    def _file(self, kind: str) -> BinaryIO:
        if kind not in self._files:
            self._files[kind] = self._stack.enter_context((self._folder / kind).open("wb"))
        return self._files[kind]


async def read_into(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], selection: Selection, tell: Tell
) -> None:
    """Read the selected rows; kinds that may not be read are noted, unless they were asked for."""
    for kind in selection.chosen(kinds):
        try:
            async for page in client.pages(kind, ["*"], selection.where.get(kind.name, ())):
                spool.add(kind, page)
                tell(kind.name, len(spool.ids[kind.name]))
        except ApiError as error:
            refused = isinstance(error, AuthorizationError) or error.status == 404
            if not refused or kind.name in selection.kinds:
                raise
            spool.unread[kind.name] = error.message
    if selection.with_references:
        await _read_references(spool, client, kinds, tell)


async def _read_references(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], tell: Tell
) -> None:
    while missing := _missing(spool, kinds):
        for name, ids in missing.items():
            kind = kinds[name]
            for chunk in value_chunks(sorted(ids)):
                spool.add(kind, await client.read(kind, ["*"], [one_of(kind.id_column, chunk)]))
            for row_id in ids:  # one that is not there is not asked for again
                spool.ids.setdefault(name, {}).setdefault(row_id)
            tell(name, len(spool.ids[name]))


def _missing(spool: Spool, kinds: Mapping[str, Kind]) -> dict[str, set[str]]:
    missing: dict[str, set[str]] = {}
    for name in list(spool.ids):
        targets = [
            (column.name, column.reference.kind)
            for column in kinds[name].references
            if column.reference
            and not column.filled
            and kinds_in_yaml(kinds, column.reference.kind)
        ]
        for row in spool.rows(name):
            for column, target in targets:
                value = row.get(column)
                if value and str(value) not in spool.ids.get(target, {}):
                    missing.setdefault(target, set()).add(str(value))
    return missing


def kinds_in_yaml(kinds: Mapping[str, Kind], name: str) -> bool:
    """Tell whether a kind can be written as YAML and read back."""
    kind = kinds.get(name)
    return kind is not None and kind.in_yaml and kind.can_list
