"""Rows as they are read, and values as they are sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from .address import UUID_PATTERN, Address
from .column import JSON, Column, Place

Row: TypeAlias = Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Pending:
    """The id of a resource whose row the server has yet to create."""

    address: Address


Sent: TypeAlias = (
    "bool | int | float | Decimal | str | list[Sent] | dict[str, Sent] | Pending | None"
)


"""A value as it will be sent: JSON, but for ids that only the server can give."""


def pending(value: Sent) -> Iterator[Address]:
    """Iterate over the addresses whose ids a value still needs."""
    if isinstance(value, Pending):
        yield value.address
    elif isinstance(value, list):
        for item in value:
            yield from pending(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from pending(item)


def rows_in(column: Column, value: object) -> Iterator[tuple[str, str]]:
    """Iterate over the rows, as (kind, id), that a value of a column references."""
    if column.reference and isinstance(value, str):
        yield column.reference.kind, value
    for place in column.places:
        for row_id in _ids_at(place, value):
            if UUID_PATTERN.match(row_id):  # the server takes any text there
                yield place.target.kind, row_id.lower()


def _ids_at(place: Place, value: object) -> Iterator[str]:
    if place.property is None:
        yield from value if isinstance(value, dict) else ()
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == place.property and isinstance(inner, str):
                yield inner
            else:
                yield from _ids_at(place, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids_at(place, inner)
