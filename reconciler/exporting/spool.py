"""Rows on the disk between reading and writing, so that memory does not grow with them."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

import orjson

from ..catalogue import Kind
from ..client.forms import OddRow
from ..diagnostics import UsageError
from ..values.jsontext import dumps, loads
from ..values.portions import in_portions
from ..values.sent import Row

Tell = Callable[[str, int], None]
"""Told the kind and how many of its rows have been read."""


class Spool:
    """Rows by kind, in files of a private folder that goes with the block.

    ``ids`` are those of the rows that count, by kind. ``unread`` says of a kind why it could not
    be read, ``left_out`` counts its rows that no longer count, by reason, ``odd`` are rows that
    were not of the form their kind has, ``notes`` is what else people should know.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        self._id_columns: dict[str, str] = {}
        self._left_out: dict[str, set[str]] = {}
        self.left_out: dict[str, dict[str, int]] = {}
        self.ids: dict[str, dict[str, None]] = {}
        self.unread: dict[str, str] = {}
        self.odd: list[OddRow] = []
        self.notes: list[str] = []

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
        """Remove everything; a disk that is full becomes an error that says so."""
        with suppress(OSError):  # what is still in memory goes to a full disk
            self._stack.close()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            message = f"rows cannot be put aside in {self._folder.parent}: {error.strerror}"
            raise UsageError(message, hint="nothing was changed; TMPDIR names another place")

    def add(self, kind: Kind, rows: Iterable[Row]) -> None:
        """Put rows away; one that is there already is not put twice."""
        known = self.ids.setdefault(kind.name, {})
        left_out = self._left_out.get(kind.name, ())
        file, id_column = self._file(kind), kind.id_column
        new: list[Row] = []
        for row in rows:
            row_id = str(row[id_column])
            if row_id not in known and row_id not in left_out:
                known[row_id] = None
                new.append(row)
        for portion in in_portions(new, _TOGETHER):
            file.write(_packed(portion) + b"\n")

    def leave_out(self, kind: str, ids: Iterable[str]) -> None:
        """Let rows no longer count."""
        for row_id in ids:
            self.ids.get(kind, {}).pop(row_id, None)
            self._left_out.setdefault(kind, set()).add(row_id)

    def has(self, kind: str, row_id: str) -> bool:
        """Tell whether a row is there and counts."""
        return row_id in self.ids.get(kind, ())

    def rows(self, kind: str) -> Iterator[Row]:
        """Take the rows of a kind out again, in the order they were put."""
        return chain.from_iterable(self.pages(kind))

    def pages(self, kind: str) -> Iterator[list[Row]]:
        """Take the rows of a kind out again, some at once."""
        if kind not in self._files:
            return
        self._files[kind].flush()
        id_column = self._id_columns[kind]
        with (self._folder / kind).open("rb") as file:
            left_out = self._left_out.get(kind, ())
            for line in file:
                rows = _unpacked(line)
                if left_out:
                    rows = [row for row in rows if str(row[id_column]) not in left_out]
                yield rows

    def _file(self, kind: Kind) -> BinaryIO:
        if kind.name not in self._files:
            path = self._folder / kind.name
            self._files[kind.name] = self._stack.enter_context(path.open("wb"))
            self._id_columns[kind.name] = kind.id_column
        return self._files[kind.name]


_TOGETHER = 500
"""So many rows are packed and unpacked as one."""
_DIGITS = b"="
"""What stands before rows with numbers that no float holds: only these need the slow reading."""


def _packed(rows: list[Row]) -> bytes:
    try:
        return orjson.dumps(rows)
    except TypeError:
        return _DIGITS + dumps(rows)


def _unpacked(packed: bytes) -> list[Row]:
    if packed.startswith(_DIGITS):
        return cast("list[Row]", loads(packed[len(_DIGITS) :]))
    return cast("list[Row]", orjson.loads(packed))
