"""Where the ``reconciler:`` block is: it makes a folder the folder of a stack."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from ...diagnostics import Code, Position
from ...files import leads_outside
from .files import MAX_FILE, Source, is_yaml, shown
from .nodes import Entry, MappingNode
from .parse import parse
from .problems import ProblemReport

SETTINGS = "reconciler"
BELOW: Code = "stack-below-folder"
"""What else is wrong where the block lies deeper says nothing: most of it is no configuration."""


def folder_of(file: Path, instead: Mapping[Path, bytes] | None = None) -> Path | None:
    """Go up to the folder that holds the ``reconciler:`` block; None where there is none.

    Goes no further than the root of a git repository or of the disk. ``instead`` gives what files
    would hold, be they there or not.
    """
    return _holder(file.parents, instead or {})


def file_of(folder: Path) -> Path | None:
    """Find the file right in a folder that holds the block."""
    word = SETTINGS.encode()
    found = _read_roots(folder, lambda data: word in data, {})
    return next((file for file, root in found if SETTINGS in root.entries), None)


def find_settings(
    folder: Path, layers: tuple[tuple[Source, ...], ...], report: ProblemReport
) -> Entry | None:
    """Find the one ``reconciler:`` block, and report where there is none or more than one."""
    base, *overlays = layers
    for entry in _blocks(source for layer in overlays for source in layer):
        report.error(
            "stack-in-overlay",
            "an overlay cannot have a `reconciler:` block",
            _place(entry),
            hint="the block belongs to the folder; take it out of the overlay",
        )
    blocks = list(_blocks(base))
    if blocks and all(_holder_of(entry, base) != folder for entry in blocks):
        _report_below(blocks, folder, base, report)
        return None
    for entry in blocks[1:]:
        report.error(
            "stack-twice",
            f"the `reconciler:` block is given twice, first at {_place(blocks[0])}",
            _place(entry),
            hint="keep one; two stacks are two folders, each given as a path of its own",
            others=(_place(blocks[0]),),
        )
    if blocks:
        return blocks[0]
    if base and not any(source.broken for source in base):
        _report_missing(folder, report)
    return None


def _report_below(
    blocks: list[Entry], folder: Path, base: tuple[Source, ...], report: ProblemReport
) -> None:
    # Bindings and journal lie beside the block. Found from two different folders, the same
    # configuration would have two sets of bindings, and would create its rows twice.
    for entry in blocks:
        holder = shown(_holder_of(entry, base))
        report.error(
            BELOW,
            f"the `reconciler:` block is in {holder}, below the folder {shown(folder)}",
            _place(entry),
            hint=f"give {holder} as the path, or move the block's file up",
        )


def _holder_of(entry: Entry, base: tuple[Source, ...]) -> Path:
    return next(source.path.parent for source in base if source.file == entry.origin.name)


def _report_missing(folder: Path, report: ProblemReport) -> None:
    above = _holder(folder.parents, {})
    hint = (
        f"run `reconciler init {shown(folder)}`,"
        " or write `reconciler: {stack: NAME}` into one of its files"
    )
    if above is not None:
        hint = f"{shown(above)} holds one: give that as the path"
    message = f"no file of {shown(folder)} holds the `reconciler:` block"
    report.error("missing-stack", message, hint=hint)


def _holder(folders: Iterable[Path], instead: Mapping[Path, bytes]) -> Path | None:
    for folder in folders:
        if holds_block(folder, instead):
            return folder
        if os.path.lexists(folder / ".git"):
            return None
    return None


def roots_in(
    folder: Path,
    may_hold: Callable[[bytes], bool],
    instead: Mapping[Path, bytes] = MappingProxyType({}),
) -> Iterator[MappingNode]:
    """Parse the YAML files right in a folder that may hold what is looked for.

    Folders above may hold any YAML at all: little of it is worth parsing. ``instead`` gives what
    files would hold, be they there or not.
    """
    return (root for _, root in _read_roots(folder, may_hold, instead))


def _read_roots(
    folder: Path, may_hold: Callable[[bytes], bool], instead: Mapping[Path, bytes]
) -> Iterator[tuple[Path, MappingNode]]:
    given = [file for file in instead if file.parent == folder and is_yaml(file)]
    try:
        files = sorted({*filter(is_yaml, folder.iterdir()), *given})
    except OSError:
        files = sorted(given)
    for file in files:
        if file.is_symlink() and leads_outside(file, folder):
            continue  # what is read of the folder leaves it out, too
        data = instead[file] if file in instead else _bytes_of(file)
        if not may_hold(data):
            continue
        root = parse(data.decode("utf-8-sig", "replace"), shown(file)).root
        if root is not None:
            yield file, root


def _bytes_of(file: Path) -> bytes:
    try:
        status = file.stat()
        regular = stat.S_ISREG(status.st_mode) and status.st_size <= MAX_FILE
        return file.read_bytes() if regular else b""
    except OSError:
        return b""


def holds_block(folder: Path, instead: Mapping[Path, bytes]) -> bool:
    """Tell whether a file right in a folder holds the block."""
    word = SETTINGS.encode()
    roots = roots_in(folder, lambda data: word in data, instead)
    return any(SETTINGS in root.entries for root in roots)


def _blocks(sources: Iterable[Source]) -> Iterator[Entry]:
    for source in sources:
        if source.root is not None and SETTINGS in source.root.entries:
            yield source.root.entries[SETTINGS]


def _place(entry: Entry) -> Position:
    return entry.origin.position(entry.key)
