"""Two resources that a person would call the same: refused where the server does, else named.

Values are not shown: a natural key may be somebody's e-mail address.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import cast

from ...catalogue import KeyPart, Kind
from ...catalogue.natural import Alike, column_of, text_of_part, whole_keys
from ...values.address import Address
from ...values.canonical import canonical
from ...values.column import JSON
from ..load import ProblemReport
from ..resource import IdReference, KeyReference, Lookup, Resource, Unknown, Value


def report_doubles(
    resources: Mapping[Address, Resource], kinds: Mapping[str, Kind], report: ProblemReport
) -> None:
    """Report every resource that has a unique value, or the natural key, of one before it."""
    by_kind: dict[str, list[Resource]] = {}
    for resource in resources.values():
        if not resource.absent:
            by_kind.setdefault(resource.address.kind, []).append(resource)
    for name, some in by_kind.items():
        refused = set(_report_unique(kinds[name], some, report))
        _report_alike(kinds[name], (r for r in some if r.address not in refused), report)


def _report_unique(
    kind: Kind, resources: list[Resource], report: ProblemReport
) -> Iterator[Address]:
    for columns in kind.unique:
        first: dict[tuple[object, ...], Resource] = {}
        for resource in resources:
            values = tuple(_unique_value(kind, name, resource.values.get(name)) for name in columns)
            other = first.setdefault(values, resource) if None not in values else resource
            if other is not resource:
                report.error(
                    "not-unique",
                    f"{resource.address} and {other.address} ({other.place(columns[0])})"
                    f" have the same {_names(columns)}, and the server takes one of them only",
                    resource.place(columns[0]),
                    address=str(resource.address),
                    hint=f"remove one of them, or give it another {_names(columns)}",
                )
                yield resource.address


def _report_alike(kind: Kind, resources: Iterable[Resource], report: ProblemReport) -> None:
    seen = Alike[Resource](kind)
    for resource in resources:
        keys = list(whole_keys(kind, partial(_text, kind, resource)))
        better = 0
        for number, parts in keys:
            other = next(seen.find(number, parts, better), None)
            if other is not None:
                _warn(kind, kind.natural_keys[number], resource, other, report)
                break
            better |= 1 << number
        seen.add(resource, iter(keys))


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
    )


def _inside(part: KeyPart) -> str:
    return f"->>{part.inside}" if part.inside else ""


def _names(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


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
