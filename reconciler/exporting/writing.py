"""Write kinds into files, entry by entry.

One kind is one file, ``<kind>.yaml``; where that would be too large to be read again, it goes on
in ``<kind>-2.yaml``. Or everything is in one file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..catalogue import Kind
from ..configuration.load.files import MAX_FILE, MAX_TOTAL
from ..editor.begin import HEADER
from ..values.column import JSON
from ..yamltext.emit import INDENT, item, lines
from ..yamltext.quotes import inline

SETTINGS_FILE = "bookingmood.yaml"
FULL = MAX_FILE * 4 // 5
"""Bytes after which a file is not added to: people will add more by hand."""

Entry = tuple[str, Mapping[str, JSON]]
"""A key and columns."""


@dataclass(slots=True)
class WrittenFiles:
    """What was written: files with their sizes, and the number of entries by kind."""

    sizes: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def notes(self) -> Iterator[str]:
        """Say what is too large to be read back."""
        for name, size in self.sizes.items():
            if size > MAX_FILE:
                yield f"{name} is larger than {MAX_FILE >> 20} MiB and cannot be read: cut it up"
        if sum(self.sizes.values()) > MAX_TOTAL:
            yield f"the files are larger than {MAX_TOTAL >> 20} MiB together: export less in one"


def write_files(
    folder: Path,
    settings: Mapping[str, JSON],
    kinds: Iterable[tuple[Kind, Iterable[str]]],
    *,
    single_file: bool,
) -> WrittenFiles:
    """Write the configuration of a folder: of each kind its entries, as :func:`block` writes them.

    ``settings`` are those of the ``reconciler:`` block.
    """
    written = WrittenFiles()
    head = HEADER + "\n".join(("reconciler:", *lines(dict(settings), INDENT)))
    with (folder / SETTINGS_FILE).open("wb") as first:
        size = first.write(f"{head}\n".encode())
        for kind, entries in kinds:
            if single_file:
                size += first.write(f"\n{kind.name}:\n".encode())
                size += _pour(first, kind, _encoded(entries), written)
            else:
                _write_kind(folder, kind, entries, written)
    written.sizes[SETTINGS_FILE] = size
    return written


def left_over(folder: Path, kinds: Iterable[str], written: WrittenFiles) -> Iterator[str]:
    """Name the files of an earlier export that were not written again; no others."""
    for name in kinds:
        for file in folder.glob(f"{name}*.yaml"):
            ours = re.fullmatch(rf"{name}(?:-[1-9][0-9]*)?\.yaml", file.name)
            if ours and file.name not in written.sizes:
                yield file.name


def block(
    kind: Kind,
    key: str,
    columns: Mapping[str, JSON],
    indent: int = INDENT,
    step: int = INDENT,
) -> str:
    """Write one resource as an entry of its kind; ends without a line break."""
    if kind.is_link:
        return item(dict(columns), indent)
    name = f"{' ' * indent}{inline(key)}:"
    return "\n".join((name, *lines(dict(columns), indent + step))) if columns else f"{name} {{}}"


def _encoded(entries: Iterable[str]) -> Iterator[bytes]:
    return (f"{entry}\n".encode() for entry in entries)


def _write_kind(folder: Path, kind: Kind, entries: Iterable[str], written: WrittenFiles) -> None:
    blocks = _encoded(entries)
    number = 1
    while number == 1 or written.sizes[_name(kind, number - 1)] >= FULL:
        first = next(blocks, None)
        if first is None:
            return
        with (folder / _name(kind, number)).open("wb") as file:
            size = file.write(f"{kind.name}:\n".encode() + first)
            written.counts[kind.name] = written.counts.get(kind.name, 0) + 1
            written.sizes[_name(kind, number)] = _pour(file, kind, blocks, written, size, FULL)
        number += 1


def _pour(
    file: BinaryIO,
    kind: Kind,
    blocks: Iterator[bytes],
    written: WrittenFiles,
    size: int = 0,
    limit: float = float("inf"),
) -> int:
    """Write blocks until the file is full; answers its size."""
    count = 0
    while size < limit and (text := next(blocks, None)) is not None:
        size += file.write(text)
        count += 1
    written.counts[kind.name] = written.counts.get(kind.name, 0) + count
    return size


def _name(kind: Kind, number: int) -> str:
    return f"{kind.name}.yaml" if number == 1 else f"{kind.name}-{number}.yaml"
