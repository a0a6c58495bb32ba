"""What a plan consists of: changes of one resource each, as plain data.

========  ======================  ==============================================
action    before                  after
========  ======================  ==============================================
create    None                    every column that is sent
adopt     the row that was found  the columns that differ (may be none)
rename    the row that was found  the columns that differ (may be none)
release   the row that was bound  the columns that differ (may be none)
update    the live row            the columns that differ
delete    the whole live row      nothing
no-op     the live row            nothing
========  ======================  ==============================================
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from .errors import Position
from .kind import JSON, Column, Kind, Place, Verb
from .resource import UUID_PATTERN, Address

Row: TypeAlias = Mapping[str, JSON]
Origin = Literal["owned", "adopted"]


class Action(StrEnum):
    """What happens to one resource; the order is that of reports.

    Only undo releases: the row stays, and its address is no longer bound.
    """

    CREATE = "create"
    ADOPT = "adopt"
    RENAME = "rename"
    RELEASE = "release"
    UPDATE = "update"
    DELETE = "delete"
    NO_OP = "no-op"

    @property
    def binds(self) -> bool:
        """Tell whether it is about the address of a row, and only besides about its columns."""
        return self in {Action.ADOPT, Action.RENAME, Action.RELEASE}


@dataclass(frozen=True, slots=True)
class Pending:
    """The id of a resource whose row the server has yet to create."""

    address: Address


Sent: TypeAlias = (
    "bool | int | float | Decimal | str | list[Sent] | dict[str, Sent] | Pending | None"
)
"""A value as it will be sent: JSON, but for ids that only the server can give."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that changes; ``before`` is None for a create.

    ``position`` is where the YAML gives it: for people only.
    """

    before: JSON
    after: Sent
    position: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one resource.

    ``id`` is None where the server chooses it; ``address`` is None for an orphan whose name is
    gone. ``row`` is the live row as it was read. ``binding`` is what the bindings file must say
    once the change is done. ``needs`` are the resources whose rows must exist before. ``held_by``
    names the rows outside the plan, as (kind, id), that reference a row to be deleted; ``takes``
    those of them that are protected, and that the server would delete with it.
    ``unconfirmed`` marks a verb on weak evidence.
    """

    kind: str
    action: Action
    address: Address | None
    id: str | None
    columns: Mapping[str, Difference] = field(default_factory=dict)
    inputs: Mapping[str, Sent] = field(default_factory=dict)
    row: Row | None = None
    binding: Origin | None = None
    consents: tuple[str, ...] = ()
    position: Position | None = None
    unconfirmed: bool = False
    needs: frozenset[Address] = frozenset()
    held_by: frozenset[tuple[str, str]] = frozenset()
    takes: frozenset[tuple[str, str]] = frozenset()
    reason: str | None = None
    """For people only (how the row was found); never decides anything."""

    @property
    def name(self) -> str:
        """The address, or kind and id where there is no name."""
        return str(self.address) if self.address else f"{self.kind}[{self.id}]"

    @property
    def after(self) -> Mapping[str, Sent]:
        """The values that are sent."""
        return {name: difference.after for name, difference in self.columns.items()}


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


def is_deleted(kind: Kind, row: Row) -> bool:
    """Tell whether a row is there but marked as deleted."""
    return kind.soft_delete is not None and row.get(kind.soft_delete) is not None


def consents_of(
    kind: Kind, verb: Verb, columns: Mapping[str, Difference], row: Row
) -> tuple[str, ...]:
    """Name the consents that a kind wants for one of its rows."""
    will_be: dict[str, object] = dict(row)
    will_be.update((name, difference.after) for name, difference in columns.items())
    return tuple(
        rule.name
        for rule in kind.consents.get(verb, ())
        if (not rule.columns or columns.keys() & set(rule.columns))
        and not (rule.unless and all(will_be.get(k) == v for k, v in rule.unless.items()))
    )


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
