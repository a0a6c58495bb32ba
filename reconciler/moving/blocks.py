"""Take blocks out of a folder and its overlays, and prove that nothing else changed."""

from collections.abc import Collection, Iterator, Mapping

from ..configuration.provenance import Provenance, instance_of
from ..configuration.resource import Configuration, KeyReference, Resource, references_in
from ..configuration.validate.suggest import Suggester
from ..diagnostics import Position, Problem
from ..sync.files import Files
from ..sync.removing import Removals
from ..values.address import Address
from .problem import cannot_move
from .workspace import Workspace


def find_unknown(space: Workspace, addresses: Collection[Address]) -> Iterator[Problem]:
    """Find addresses that have no block of their own: none at all, or one that is made."""
    resources, suggest = space.configuration.resources, Suggester()
    for address in addresses:
        resource = resources.get(address)
        if resource is None:
            names = [str(one) for one in resources if one.kind == address.kind]
            hint = suggest.slip_hint(
                str(address), names, "name what has a block in the paths given"
            )
            yield cannot_move(f"{address} is not in the configuration", hint, address)
        elif made := resource.position.made_by:
            hint = f"expand it first: write the instance of {made.template} out, or move all of it"
            says = f"{address} is a part of what a template makes"
            yield cannot_move(says, hint, address, resource.position)


def users_of(
    configuration: Configuration, addresses: Collection[Address]
) -> Iterator[tuple[Resource, str, Address]]:
    """Find what else refers to resources: each with the column, and what it refers to."""
    for address, resource in configuration.resources.items():
        if address in addresses:
            continue
        for name, value in {**resource.values, **resource.inputs}.items():
            for reference in references_in({name: value}):
                if isinstance(reference, KeyReference) and reference.address in addresses:
                    yield resource, name, reference.address


def take_out(files: Files, provenance: Provenance, addresses: Collection[Address]) -> list[Problem]:
    """Take the blocks out of every layer; answers what stands in the way."""
    removals = Removals()
    problems: list[Problem] = []
    for address in addresses:
        for _, declared in provenance.declaring(address):
            found = None if instance_of(declared) else files.spot(declared.position)
            if found is None:
                problems.append(_entangled(address, declared.position))
                continue
            removals.mark(*found, (address,))
    problems += (_entangled(address, None) for address, done in removals.take_out() if not done)
    return problems


def check_rest(
    before: Configuration, after: Configuration, gone: Mapping[Address, object]
) -> Iterator[Problem]:
    """Find what does not say the same as before, but for what is gone."""
    for address, resource in before.resources.items():
        if address not in gone and after.resources.get(address) != resource:
            hint = "give it what it has from elsewhere in its own block, then run it again"
            says = f"{address} would not say the same as before"
            yield cannot_move(says, hint, address, resource.position)
    for address in after.resources:
        if address in gone or address not in before.resources:
            yield cannot_move(f"{address} would still be there", "take it out by hand", address)


def _entangled(address: Address, position: Position | None) -> Problem:
    hint = "write it as a block of its own first, without the anchor"
    return cannot_move(f"others use the block of {address}", hint, address, position)
