"""What completion writes for a whole resource: its key, and what a create needs."""

from collections.abc import Callable, Iterable, Iterator

from ..catalogue import Kind
from ..values.column import JSON, Column
from ..yamltext.emit import flow as one_line

MOST_CHOICES = 20
Keys = Callable[[str], Iterable[str]]


def resource(kind: Kind, keys: Keys, *, flow: bool) -> str:
    """Write a resource as a snippet; in brackets where the text around it is."""
    needed = [kind.all_columns[name] for name in needed_of(kind)]
    cells = [f"{c.name}: {place(c, n, keys)}" for n, c in enumerate(needed, 2)]
    if not cells:
        return "${1:key}: {$0}"
    if flow:
        return f"${{1:key}}: {{{', '.join(cells)}}}"
    return "\n  ".join(["${1:key}:", *cells])


def link(kind: Kind, keys: Keys) -> str:
    """Write a link as a snippet, in one line."""
    needed = [kind.all_columns[name] for name in needed_of(kind)]
    cells = [f"{c.name}: {place(c, n, keys)}" for n, c in enumerate(needed, 1)]
    return f"{{{', '.join(cells)}}}"


def needed_of(kind: Kind) -> tuple[str, ...]:
    """Name what a new resource should give, in the order of the kind."""
    wanted = {*kind.required, *(p.column for p in kind.natural_key if not p.optional)}
    columns = kind.all_columns
    return tuple(n for n in kind.in_order if n in wanted and columns[n].writable)


def place(column: Column, number: int, keys: Keys) -> str:
    """Write a place of a snippet where a value goes, with its choices where there are few."""
    choices = [*_choices(column, keys)]
    if choices:
        return f"${{{number}|{','.join(map(_escaped, choices))}|}}"
    if column.type.form == "json" and not column.reference:
        return f"{{${number}}}" if "object" in str(column.schema.get("type")) else f"[${number}]"
    return f"${number}"


def written(value: JSON) -> str:
    """Write a single value as YAML."""
    return one_line(value)


def _choices(column: Column, keys: Keys) -> Iterator[str]:
    if column.reference:
        for number, key in enumerate(keys(column.reference.kind)):
            if number >= MOST_CHOICES:
                return
            yield key
    elif len(column.choices) <= MOST_CHOICES:
        yield from map(written, column.choices)


def _escaped(text: str) -> str:
    for sign in "\\,|$}":
        text = text.replace(sign, f"\\{sign}")
    return text
