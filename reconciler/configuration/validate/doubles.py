"""Two resources that a person would call the same: refused where the server does, else named.

Values are not shown: a natural key may be somebody's e-mail address.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast
from unicodedata import normalize

from ...catalogue import KeyPart, Kind
from ...catalogue.natural import Alike, column_of, text_of_part, whole_keys
from ...values.address import Address
from ...values.canonical import canonical
from ...values.column import JSON
from ..load import ProblemReport
from ..resource import IdReference, KeyReference, Lookup, Resource, Unknown, Value
from .different import Different, Marks
from .memory import Memory


def report_doubles(
    resources: Mapping[Address, Resource],
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    memory: Memory | None = None,
) -> None:
    """Report every resource that has a unique value, or the natural key, of one before it."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in resources.values():
        if not resource.absent:
            by_kind.setdefault(resource.address.kind, []).append(resource)
    for name, some in by_kind.items():
        if memory and memory.learns and _are_different(kinds[name], some, memory):
            continue
        refused = set(_report_unique(kinds[name], some, report))
        _report_alike(kinds[name], [r for r in some if r.address not in refused], report)


def _are_different(kind: Kind, resources: list[Resource], memory: Memory) -> bool:
    """Tell whether nothing is to be reported, by the marks of what is new."""
    return memory.different.setdefault(kind.name, Different()).are_all(
        resources, partial(_marks, kind)
    )


def _marks(kind: Kind, resources: Sequence[Resource]) -> list[Marks]:
    unique = [
        [_unique_values(kind, columns, resource) for resource in resources]
        for columns in kind.unique
    ]
    alike = [_rough_keys(kind, key, resources) for key in kind.natural_keys]
    ways = [*unique, *map(list, alike)]
    return list(zip(*ways, strict=True)) if ways else [()] * len(resources)


def _report_unique(
    kind: Kind, resources: list[Resource], report: ProblemReport
) -> Iterator[Address]:
    for columns in kind.unique:
        first: dict[tuple[object, ...], Resource] = {}
        for resource in resources:
            values = _unique_values(kind, columns, resource)
            other = first.setdefault(values, resource) if values else resource
            if other is not resource:
                report.error(
                    "not-unique",
                    f"{resource.address} and {other.address} ({other.place(columns[0])})"
                    f" have the same {_names(columns)}, and the server takes one of them only",
                    resource.place(columns[0]),
                    address=str(resource.address),
                    hint=f"remove one of them, or give it another {_names(columns)}",
                    others=(other.place(columns[0]),),
                )
                yield resource.address


def _report_alike(kind: Kind, resources: list[Resource], report: ProblemReport) -> None:
    if not any(_may_be_alike(kind, key, resources) for key in kind.natural_keys):
        return
    seen = Alike[Resource](kind)
    for resource in resources:
        keys = list(whole_keys(kind, partial(_text, kind, resource)))
        better = 0
        for number, parts in keys:
            other = next(iter(seen.find(number, parts, better)), None)
            if other is not None:
                _warn(kind, kind.natural_keys[number], resource, other, report)
                break
            better |= 1 << number
        seen.add(resource, iter(keys))


def _may_be_alike(kind: Kind, key: tuple[KeyPart, ...], resources: list[Resource]) -> bool:
    """Tell whether two may have the same key, by forms that are quick to make.

    What is the same has the same rough form; what has, need not be the same.
    """
    whole = [forms for forms in _rough_keys(kind, key, resources) if forms]
    return len(set(whole)) < len(whole)


def _rough_keys(
    kind: Kind, key: tuple[KeyPart, ...], resources: Sequence[Resource]
) -> Iterator[tuple[object, ...] | None]:
    """Give the forms of a key for each resource; None where it has not all that it needs."""
    parts = [_rough_forms(kind, part, resources) for part in key]
    needed = [number for number, part in enumerate(key) if not part.optional]
    for forms in zip(*parts, strict=True):
        yield forms if all(forms[number] for number in needed) else None


def _rough_forms(kind: Kind, part: KeyPart, resources: Sequence[Resource]) -> Iterator[object]:
    """Give the form of a part for each resource; one that says nothing is false."""
    simple = not (part.inside or part.through or part.values)
    column = kind.columns[part.column] if simple else None
    for resource in resources:
        value = resource.values.get(part.column)
        if column and isinstance(value, KeyReference):
            yield value.address
        elif column and column.type.form == "text" and isinstance(value, str):
            yield (value if value.isascii() else normalize("NFC", value)).strip().lower()
        else:
            text = _text(kind, resource, part)
            yield text and normalize("NFC", text).strip().lower()


def _warn(
    kind: Kind, key: tuple[KeyPart, ...], resource: Resource, other: Resource, report: ProblemReport
) -> None:
    column = column_of(kind, key[0]).name
    names = _names(
        [column_of(kind, part).name + _inside(part) for part in key if not part.optional]
    )
    report.warning(
        "same-natural-key",
        f"{resource.address} and {other.address} ({other.place(column)}) have the same {names}",
        resource.place(column),
        address=str(resource.address),
        hint="remove one of them, if they are one: else both are created",
        others=(other.place(column),),
    )


def _inside(part: KeyPart) -> str:
    return f"->>{part.inside}" if part.inside else ""


def _names(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


def _unique_values(
    kind: Kind, columns: Iterable[str], resource: Resource
) -> tuple[object, ...] | None:
    """Give the values of unique columns; None where one has none, and is like no other."""
    values = tuple(_unique_value(kind, name, resource.values.get(name)) for name in columns)
    return None if None in values else values


def _unique_value(kind: Kind, name: str, value: Value) -> object:
    if isinstance(value, KeyReference | IdReference | Lookup):
        return value
    if value is None or isinstance(value, Unknown):
        return None
    return canonical(cast("JSON", value), kind.columns[name].type)


def _text(kind: Kind, resource: Resource, part: KeyPart) -> str | None:
    """Write a part of a natural key; what refers to another resource stands by its address."""
    inputs = part.through is not None
    value = (
        resource.inputs.get(column_of(kind, part).name)
        if inputs
        else resource.values.get(part.column)
    )
    match value:
        case KeyReference(address):
            return str(address)
        case IdReference(_, row_id):
            return row_id
        case Lookup(_, criteria):
            return repr(criteria)
        case Unknown():
            return None
    if part.through:
        return value if isinstance(value, str) else None
    return text_of_part(kind, part, cast("JSON", value))
