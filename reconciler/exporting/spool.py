"""Rows on the disk between reading and writing, so that memory does not grow with them."""

import mmap
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import accumulate, chain
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

    ``ids`` are those of the rows that count, by kind, with where each begins in the file.
    ``unread`` says of a kind why it could not be read, ``left_out`` counts its rows that no longer
    count, by reason, ``odd`` are rows that were not of the form their kind has, ``notes`` is what
    else people should know.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}
        self._sizes: dict[str, int] = {}
        self._left_out: dict[str, set[str]] = {}
        self.left_out: dict[str, dict[str, int]] = {}
        self.ids: dict[str, dict[str, int]] = {}
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
        new: dict[str, Row] = {}
        for row in rows:
            row_id = str(row[id_column])
            if row_id not in known and row_id not in left_out:
                new.setdefault(row_id, row)
        lines = _packed(new.values())
        ends = accumulate(map(len, lines), initial=self._sizes[kind.name])
        known.update(zip(new, ends, strict=False))
        self._sizes[kind.name] += sum(map(len, lines))
        file.write(b"".join(lines))

    def leave_out(self, kind: str, ids: Iterable[str]) -> None:
        """Let rows no longer count."""
        for row_id in ids:
            self.ids.get(kind, {}).pop(row_id, None)
            self._left_out.setdefault(kind, set()).add(row_id)

    def has(self, kind: str, row_id: str) -> bool:
        """Tell whether a row is there and counts."""
        return row_id in self.ids.get(kind, ())

    def rows(self, kind: str, ids: Iterable[str] | None = None) -> Iterator[Row]:
        """Take the rows of a kind out again, as :meth:`pages` does."""
        return chain.from_iterable(self.pages(kind, ids))

    def pages(self, kind: str, ids: Iterable[str] | None = None) -> Iterator[list[Row]]:
        """Take the rows of a kind out again, some at once: those with ``ids``, in that order.

        Without them it is all that count, in the order in which they were put.
        """
        if not self.ids.get(kind):
            return
        self._files[kind].flush()
        places = self.ids[kind]
        with _mapped(self._folder / kind) as text:
            for some in in_portions(places if ids is None else ids, _TOGETHER):
                lines: list[bytes] = []
                for row_id in some:
                    text.seek(places[row_id])
                    lines.append(text.readline())
                yield _unpacked(lines)
                text.madvise(mmap.MADV_DONTNEED)  # what was read would count as our memory

    def _file(self, kind: Kind) -> BinaryIO:
        if kind.name not in self._files:
            path = self._folder / kind.name
            self._sizes[kind.name] = 0
            self._files[kind.name] = self._stack.enter_context(path.open("wb"))
        return self._files[kind.name]


_TOGETHER = 500
"""So many rows are unpacked as one."""
_DIGITS = b"="
"""What stands before rows with numbers that no float holds: only these need the slow reading."""


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """Give a file as memory: a line anywhere in it then takes no call of the system."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        yield text


def _packed(rows: Iterable[Row]) -> list[bytes]:
    try:
        return [orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows]
    except TypeError:
        return [_slowly(row) for row in rows]


def _slowly(row: Row) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return _DIGITS + dumps(row, orjson.OPT_APPEND_NEWLINE)


def _unpacked(lines: list[bytes]) -> list[Row]:
    if any(line.startswith(_DIGITS) for line in lines):
        return [cast("Row", loads(line.removeprefix(_DIGITS))) for line in lines]
    return cast("list[Row]", orjson.loads(b"[" + b",".join(lines) + b"]"))
