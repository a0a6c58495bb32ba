"""Prove that two folders say together what they said before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..catalogue import Kind
from ..configuration.resource import (
    Configuration,
    IdReference,
    KeyReference,
    Lookup,
    Reference,
    Resource,
    map_references,
)
from ..diagnostics import Problem
from ..values.address import Address
from .finding import found_by
from .problem import cannot_move

_HERE, _THERE = 0, 1
Meaning = tuple[int, Address]
"""A resource, by the folder and the address that it had before."""
Renames = Mapping[Address, Address]
Means = Callable[[Reference], object]


@dataclass(frozen=True, slots=True)
class Became:
    """What every address became: those that moved, and those on both sides that follow."""

    moved: Renames
    here: Renames
    there: Renames


def prove(
    befores: tuple[Configuration, Configuration],
    afters: tuple[Configuration, Configuration],
    became: Became,
    kinds: Mapping[str, Kind],
) -> Iterator[Problem]:
    """Find every resource that would not say the same, or would be there too much or too little.

    Both are the folder that resources leave, and the one that they come to.
    """
    (here, there), (after_here, after_there) = befores, afters
    lookups: dict[Lookup, object] = {}
    for side, configuration in ((_HERE, here), (_THERE, there)):
        for lookup, address in found_by(kinds, configuration.resources).items():
            lookups[lookup] = (side, address) if lookup not in lookups else lookup
    names_here = {new: (_HERE, old) for old, new in became.here.items()}
    names_there = {
        **{new: (_THERE, old) for old, new in became.there.items()},
        **{new: (_HERE, old) for old, new in became.moved.items()},
    }
    before = _meaning(lookups, {a: (_HERE, a) for a in here.resources})
    before_there = _meaning(lookups, {a: (_THERE, a) for a in there.resources})
    told = {
        **{(_HERE, a): _told(r, before) for a, r in here.resources.items()},
        **{(_THERE, a): _told(r, before_there) for a, r in there.resources.items()},
    }
    now: dict[Meaning, object] = {}
    for side, names, after in (
        (_HERE, names_here, after_here),
        (_THERE, names_there, after_there),
    ):
        whole = {address: names.get(address, (side, address)) for address in after.resources}
        means = _meaning(lookups, whole)
        for address, resource in after.resources.items():
            now[whole[address]] = _told(resource, means)
    for side, address in sorted(told.keys() | now.keys()):
        if told.get((side, address)) != now.get((side, address)):
            was = (here, there)[side].resources.get(address)
            says = f"{address} would not say the same as before"
            hint = "write into its block what it has from defaults or elsewhere, then run it again"
            yield cannot_move(says, hint, address, was.position if was else None)


def _meaning(lookups: Mapping[Lookup, object], names: Mapping[Address, Meaning]) -> Means:
    def means(reference: Reference) -> object:
        match reference:
            case KeyReference(address):
                return names.get(address, address)
            case IdReference(kind, row_id):
                return kind, row_id
            case Lookup():
                return lookups.get(reference, reference)

    return means


def _told(resource: Resource, means: Means) -> object:
    """Give what a resource says, so that it can be compared whatever folder it is in."""
    values = {name: map_references(value, means) for name, value in resource.values.items()}
    inputs = {name: map_references(value, means) for name, value in resource.inputs.items()}
    return values, inputs, resource.ignore, resource.absent, resource.renamed_from
