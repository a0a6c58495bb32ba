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

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..bindings import Origin
from ..catalogue import Kind
from ..configuration.places import Places
from ..diagnostics import Position
from ..values.address import Address
from ..values.column import JSON
from ..values.sent import Row, Sent, rows_in


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
class Difference:
    """One column that changes; ``before`` is None for a create.

    The values may be personal, and what a program prints or logs must not hold them: so no
    ``repr`` does.
    """

    before: JSON = field(repr=False)
    after: Sent = field(repr=False)


class New(Mapping[str, Difference]):
    """Columns of a row that is not there yet: many, so each is made when it is asked for."""

    __slots__ = ()

    @abstractmethod
    def sent(self) -> Iterator[tuple[str, Sent]]:
        """Give each column with its value, without what was before: nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one resource.

    ``id`` is None where the server chooses it; ``address`` is None for an orphan whose name is
    gone. ``row`` is the live row as it was read. ``binding`` is what the bindings file must say
    once the change is done. ``places`` are where the YAML gives it: for people only. ``needs``
    are the resources whose rows must exist before.
    ``referenced_by`` names the rows outside the plan, as (kind, id), that reference a row to be
    deleted; ``takes`` those of them that are protected, and that the server would delete with it.
    ``unconfirmed`` marks a verb on weak evidence.
    """

    kind: str
    action: Action
    address: Address | None
    id: str | None
    columns: Mapping[str, Difference] = field(default_factory=dict)
    inputs: Mapping[str, Sent] = field(default_factory=dict, repr=False)
    row: Row | None = field(default=None, repr=False)
    binding: Origin | None = None
    consents: tuple[str, ...] = ()
    places: Places | None = field(default=None, repr=False, compare=False)
    unconfirmed: bool = False
    needs: frozenset[Address] = frozenset()
    referenced_by: frozenset[tuple[str, str]] = frozenset()
    takes: frozenset[tuple[str, str]] = frozenset()
    reason: str | None = None
    """For people only (how the row was found); never decides anything."""

    @property
    def name(self) -> str:
        """The address, or kind and id where there is no name."""
        return str(self.address) if self.address else f"{self.kind}[{self.id}]"

    @property
    def position(self) -> Position | None:
        """Where it stands in the YAML; worked out when somebody asks."""
        return self.places.block if self.places else None

    @property
    def after(self) -> Mapping[str, Sent]:
        """The values that are sent."""
        return dict(self.sent())

    def sent(self) -> Iterator[tuple[str, Sent]]:
        """Give each column with the value that is sent."""
        if isinstance(self.columns, New):
            return self.columns.sent()
        return ((name, difference.after) for name, difference in self.columns.items())


Levels = tuple[tuple[Change, ...], ...]
RowName = tuple[str, str]
"""A live row, as (kind, id)."""


def rows_referenced(change: Change, kinds: Mapping[str, Kind]) -> frozenset[RowName]:
    """Name the rows, as (kind, id), that the live row of a change references."""
    row, found = change.row or {}, set[RowName]()
    for column in kinds[change.kind].holding_ids:
        value = row.get(column.name)
        if value is not None:
            found.update(rows_in(column, value))
    return frozenset(found)
