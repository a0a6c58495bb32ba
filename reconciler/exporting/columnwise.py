"""Many rows of a kind as text at once, column by column.

What is usual is found out once of each column, and what stands in many rows is written once.
Where anything is not usual, each row is written by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..catalogue import Kind
from ..values.column import JSON
from ..values.sent import Row
from ..yamltext.emit import INDENT, entries, flow, item, short_item
from ..yamltext.quotes import inline
from .values import Writing
from .writing import block

_REPEATED = (str, bool, int)
"""Types of which equal values are written alike; 0.0 and -0.0 are not."""


def blocks(kind: Kind, pages: Iterable[Sequence[Row]], writing: Writing) -> Iterator[str]:
    """Write rows as entries of their kind; each ends without a line break."""
    by_id, id_column = writing.keys[kind.name], kind.id_column
    for rows in pages:
        keys = [by_id[str(row[id_column])] for row in rows]
        columns = _usual(kind, rows, writing)
        if not columns:
            for key, row in zip(keys, rows, strict=True):
                yield block(kind, key, writing.columns(kind, key, row))
        elif kind.is_link:
            yield from _links(kind, rows, columns, writing)
        else:
            yield from _entries(kind, rows, keys, columns, writing)


def _usual(
    kind: Kind, rows: Sequence[Row], writing: Writing
) -> Mapping[str, Sequence[JSON]] | None:
    """Give the values to write by column, where all rows have the same and YAML can hold them."""
    names = writing.together(kind) if rows else ()
    there = [name for name in names if name in rows[0]]
    lacking = [name for name in names if name not in rows[0]]
    try:
        columns = {name: [row[name] for row in rows] for name in there}
    except KeyError:
        return None
    if any(name in row for name in lacking for row in rows):
        return None
    return columns if writing.fitness.all_fit(kind, columns) else None


def _entries(
    kind: Kind,
    rows: Sequence[Row],
    keys: Sequence[str],
    columns: Mapping[str, Sequence[JSON]],
    writing: Writing,
) -> Iterator[str]:
    heads = [f"{' ' * INDENT}{inline(key)}:" for key in keys]
    written = (
        _each(values, _line(name, writing.written(kind, rows[0], name)))
        for name, values in columns.items()
    )
    return map("\n".join, zip(heads, *written, strict=True))


def _line(name: str, written: Callable[[JSON], JSON]) -> Callable[[JSON], str]:
    write = entries(name, 2 * INDENT)
    return lambda value: write(written(value))


def _links(
    kind: Kind, rows: Sequence[Row], columns: Mapping[str, Sequence[JSON]], writing: Writing
) -> Iterator[str]:
    """Write each on its line where there is room."""
    values = {
        name: [*map(writing.written(kind, rows[0], name), some)] for name, some in columns.items()
    }
    parts = (_each(some, _part(name)) for name, some in values.items())
    for written, one in zip(
        zip(*parts, strict=True), zip(*values.values(), strict=True), strict=True
    ):
        short = short_item(written, INDENT)
        yield short or item(dict(zip(values, one, strict=True)), INDENT)


def _part(name: str) -> Callable[[JSON], str]:
    return lambda value: f"{inline(name, flow=True)}: {flow(value)}"


def _each(values: Sequence[JSON], write: Callable[[JSON], str]) -> list[str]:
    """Write values; what stands there more than once is written once, where that is alike."""
    types = {*map(type, values)} - {type(None)}
    if len(types) > 1 or not types.issubset(_REPEATED):
        return [*map(write, values)]
    known = {value: write(value) for value in {*values}}
    return [known[value] for value in values]
