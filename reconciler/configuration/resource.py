"""One row as people write it: an address, values, and where each of them stands in a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, cast

from ..catalogue import Kind, load_kinds
from ..diagnostics import Position
from ..values.address import Address
from .places import Places


@dataclass(frozen=True, slots=True)
class KeyReference:
    """A reference to another resource of the configuration."""

    address: Address


@dataclass(frozen=True, slots=True)
class IdReference:
    """A reference to a row by its id (lower case); the row need not be in the configuration."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A reference to the one live row whose columns have these values."""

    kind: str
    criteria: tuple[tuple[str, "Value"], ...]


@dataclass(frozen=True, slots=True)
class IdMap:
    """A JSON object whose names are ids (a place called ``keys``), such as an occupancy map."""

    items: "tuple[tuple[Reference, Value], ...]"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that needs a variable nobody has set; ``hint`` says how to set it."""

    variable: str
    hint: str = field(default="", compare=False)


_PLAIN = frozenset({bool, int, float, Decimal, str, type(None)})
"""The types of values that hold no reference: nearly all values are of these."""

Reference: TypeAlias = KeyReference | IdReference | Lookup
Value: TypeAlias = (
    "bool | int | float | Decimal | str | list[Value] | dict[str, Value]"
    " | Reference | IdMap | Unknown | None"
)
"""A value of a column: JSON, but with references where ids will stand."""


_NONE: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the configuration.

    ``values`` hold the columns that YAML gives, typed by column but not yet canonical;
    ``inputs`` what is only for create; ``places`` say where it stands. The ``repr`` shows no
    value: programs log it.
    """

    address: Address
    values: Mapping[str, Value] = field(repr=False)
    places: Places = field(repr=False, compare=False)
    inputs: Mapping[str, Value] = field(default_factory=lambda: _NONE, repr=False)
    ignore: frozenset[str] = frozenset()
    absent: bool = False
    renamed_from: str | None = None

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every reference in the values; not kept, for there may be a million resources."""
        return () if are_plain(self.values) else tuple(references_in(self.values))

    @property
    def position(self) -> Position:
        """Where it begins; worked out when somebody asks."""
        return self.places.block

    def place(self, column: str) -> Position:
        """Say where a column's value stands, or the resource where the column is not given."""
        return self.places.of(column) or self.position


@dataclass(frozen=True, slots=True)
class Configuration:
    """The desired state: everything that one folder of YAML (and overlays) says.

    ``limited`` holds the addresses a run is limited to, or None for all of them; ``left_out``
    those that are therefore not in ``resources``. ``folder`` is where the ``reconciler:`` block,
    the bindings and the journal live; ``files`` the files read.
    ``skip_natural_key`` holds the addresses that no live row is taken for because of its natural
    key; ``forbidden_organizations`` the ids of organizations that this must not be planned on;
    ``secrets`` the values of secret variables, which no output may show; ``timezone`` the one in
    which policies ask for the day (UTC where none is named); ``others`` the resources of
    ``left_out``, which policies count with what refers to a resource; ``kinds`` the catalogue
    that it was read by; ``only_above`` the addresses that overlays give, and the folder does not.
    """

    stack: str
    organization: str | None
    protect: frozenset[str]
    resources: Mapping[Address, Resource]
    folder: Path
    limited: frozenset[Address] | None = None
    files: tuple[str, ...] = ()
    skip_natural_key: frozenset[Address] = frozenset()
    forbidden_organizations: frozenset[str] = frozenset()
    left_out: frozenset[Address] = frozenset()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    timezone: str | None = None
    others: tuple[Resource, ...] = field(default=(), repr=False, compare=False)
    kinds: Mapping[str, Kind] = field(default_factory=load_kinds, repr=False, compare=False)
    only_above: frozenset[Address] = field(default=frozenset(), repr=False, compare=False)

    def of_kind(self, kind: str) -> Iterator[Resource]:
        """Iterate over the resources of one kind, in the order of the files."""
        return (r for r in self.resources.values() if r.address.kind == kind)


def references(value: Value) -> Iterator[Reference]:
    """Iterate over every reference inside a value."""
    if isinstance(value, KeyReference | IdReference | Lookup):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, IdMap):
        for name, item in value.items:
            yield name
            yield from references(item)


def are_plain(values: Mapping[str, Value]) -> bool:
    """Tell at first sight that values hold no reference, nor anything else to be resolved."""
    return _PLAIN.issuperset(map(type, values.values()))


def not_plain(values: Mapping[str, Value]) -> tuple[str, ...]:
    """Name the values that may hold a reference, or something else to be resolved."""
    if are_plain(values):  # nearly all
        return ()
    return tuple(name for name, value in values.items() if type(value) not in _PLAIN)


def references_in(values: Mapping[str, Value]) -> Iterator[Reference]:
    """Iterate over every reference in the values of a resource."""
    for value in values.values() if not are_plain(values) else ():
        if type(value) not in _PLAIN:
            yield from references(value)


def map_references(value: Value, change: Callable[[Reference], object]) -> object:
    """Give a value with another thing for each reference in it, the names of id maps included.

    It is a value again where each is changed into a reference.
    """
    match value:
        case KeyReference() | IdReference() | Lookup():
            return change(value)
        case IdMap(items):
            changed = tuple((change(name), map_references(one, change)) for name, one in items)
            return IdMap(cast("tuple[tuple[Reference, Value], ...]", changed))
        case list():
            return [map_references(one, change) for one in value]
        case dict():
            return {name: map_references(one, change) for name, one in value.items()}
        case _:
            return value


def with_references(configuration: Configuration) -> Configuration:
    """Limit a configuration to what it is limited to, and everything that needs."""
    if configuration.limited is None:
        return configuration
    needed: dict[Address, Resource] = {}
    waiting = sorted(configuration.limited)
    while waiting:
        address = waiting.pop()
        if address in needed or address not in configuration.resources:
            continue
        needed[address] = configuration.resources[address]
        waiting += [
            reference.address
            for reference in needed[address].references
            if isinstance(reference, KeyReference)
        ]
    left_out = configuration.left_out | configuration.resources.keys() - needed.keys()
    rest = (r for address, r in configuration.resources.items() if address not in needed)
    others = (*configuration.others, *rest)
    return replace(configuration, resources=needed, left_out=left_out, others=others)
