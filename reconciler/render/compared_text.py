"""What ``doctor --catalogue`` found: kinds and columns that are new, gone, or of another type."""

from collections.abc import Iterator

from ..diagnostics.words import count
from ..live.comparing import Compared, LiveColumn, LiveKind


def compared_lines(found: Compared) -> Iterator[str]:
    """Write what differs, a line each."""
    differ = len(found.differ) + len(found.gone)
    yield f"Catalogue:    {count(differ, 'kind') + ' otherwise' if differ else 'as live'}"
    for kind in found.differ:
        yield from _kind(kind)
    for name in found.gone:
        yield f"  gone: {name}"
    if found.unknown:
        names = ", ".join(found.unknown)
        yield f"  unknown, since there is neither a description nor a row: {names}"


def _kind(kind: LiveKind) -> Iterator[str]:
    if kind.is_new:
        yield f"  new: {kind.name} ({', '.join(map(_column, kind.new))})"
        return
    yield from (f"  new: {kind.name}.{_column(column)}" for column in kind.new)
    yield from (f"  gone: {kind.name}.{name}" for name in kind.gone)
    for name, known, live in kind.other:
        yield f"  of another type: {kind.name}.{name} is {live}, known as {known}"


def _column(column: LiveColumn) -> str:
    return f"{column.name} {column.type or 'of a type that is not known'}"
