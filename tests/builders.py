"""Short ways to write the values that the stages pass to each other."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from reconciler.bindings import Bindings
from reconciler.catalogue import load_kinds
from reconciler.configuration.load.nodes import Begin
from reconciler.configuration.resource import (
    Configuration,
    IdReference,
    KeyReference,
    Lookup,
    Resource,
    Value,
)
from reconciler.diagnostics import Position
from reconciler.ids import Owner
from reconciler.live.rows import Live, Question
from reconciler.plan.change import Action, Change, Difference
from reconciler.remembered import Remembered
from reconciler.values.address import Address
from reconciler.values.column import JSON
from reconciler.values.sent import Row, Sent

ORGANIZATION = "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001"
STACK = "villa-7f3a"
OWNER = Owner(ORGANIZATION, STACK)
KINDS = load_kinds()


def address(text: str) -> Address:
    """Read ``kind.key``."""
    kind, _, key = text.partition(".")
    return Address(kind, key)


def remembered(bindings: Bindings, stack: str = STACK) -> Remembered:
    """Remember bindings, and nothing that was received or let go."""
    return Remembered(Owner(ORGANIZATION, stack), bindings)


def ref(text: str) -> KeyReference:
    """Refer to ``kind.key``."""
    return KeyReference(address(text))


def row_ref(kind: str, row_id: str) -> IdReference:
    """Refer to a row by its id."""
    return IdReference(kind, row_id)


def lookup(kind: str, **criteria: Value) -> Lookup:
    """Refer to the row that has these values."""
    return Lookup(kind, tuple(sorted(criteria.items())))


class Told(NamedTuple):
    """Places that are told, instead of being looked up in a file."""

    block: Position
    columns: Mapping[str, Position] = {}

    @property
    def begin(self) -> Begin:
        """In which line the block begins."""
        return Begin.of(self.block)

    def of(self, column: str) -> Position | None:
        """Where the value of a column stands."""
        return self.columns.get(column)

    def apart(self, column: str) -> Position | None:
        """Where it stands, if in another file than the block."""
        place = self.of(column)
        return place if place and place.file != self.block.file else None


def resource(
    name_: str,
    values: Mapping[str, Value] | None = None,
    /,
    *,
    line: int = 1,
    file: str = "villa.yaml",
    inputs: Mapping[str, Value] | None = None,
    ignore: Iterable[str] = (),
    renamed_from: str | None = None,
    absent: bool = False,
    **more: Value,
) -> Resource:
    """Build ``resource("bookings.a", reference="x")``."""
    return Resource(
        address=address(name_),
        values={**(values or {}), **more},
        places=Told(Position(file, line, 3)),
        inputs=inputs or {},
        ignore=frozenset(ignore),
        renamed_from=renamed_from,
        absent=absent,
    )


def configuration(
    *resources: Resource, limited: Iterable[str] | None = None, protect: Iterable[str] = ()
) -> Configuration:
    """Build a configuration of these resources."""
    return Configuration(
        stack=STACK,
        organization=None,
        protect=frozenset(protect),
        resources={one.address: one for one in resources},
        folder=Path("villa"),
        limited=None if limited is None else frozenset(map(address, limited)),
    )


def own_id(name: str) -> str:
    """Compute the id of the row that our stack makes for ``kind.key``."""
    return OWNER.id_of(address(name))


def foreign_id(number: int) -> str:
    """Give an id as the server makes them, different for each number."""
    return f"{number:08x}-aaaa-4aaa-8aaa-{number:012x}"


def live(asked: Iterable[Question] = (), **rows: list[dict[str, JSON]]) -> Live:
    """Build what was read, by kind."""
    return Live(
        ORGANIZATION,
        {
            kind: {str(row[KINDS[kind].id_column]): row for row in found}
            for kind, found in rows.items()
        },
        asked=frozenset(asked),
    )


def change(
    line: str,
    *,
    row: Row | None = None,
    needs: Iterable[str] = (),
    consents: Iterable[str] = (),
    id: str | None = None,  # noqa: A002 (the field's name)
    referenced_by: Iterable[tuple[str, str]] = (),
    before: Mapping[str, JSON] | None = None,
    **columns: Sent,
) -> Change:
    """Build ``change("update contacts.jane", first_name="Jane")``; ``delete taxes`` has no name."""
    action, _, name = line.partition(" ")
    kind, dot, _ = name.partition(".")
    return Change(
        kind=kind,
        action=Action(action),
        address=address(name) if dot else None,
        id=id or (own_id(name) if dot else None),
        columns={n: Difference((before or {}).get(n), after) for n, after in columns.items()},
        row=row,
        needs=frozenset(map(address, needs)),
        consents=tuple(consents),
        referenced_by=frozenset(referenced_by),
    )


def line_of(one: Change) -> str:
    """Write a change in one line: ``update contacts.jane``."""
    return f"{one.action.value} {one.name}"


def row(kind: str, row_id: str, **values: JSON) -> dict[str, JSON]:
    """Build a live row."""
    return cast("dict[str, JSON]", {KINDS[kind].id_column: row_id, **values})
