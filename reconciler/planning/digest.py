"""The digest of the desired state, by which a reviewed plan is known."""

from ..configuration.resource import Configuration
from ..identity.resolve import Resolver
from ..plan.model import sha256
from ..values.jsonform import canonical_json


def digest_of(configuration: Configuration, resolver: Resolver) -> str:
    """Compute the digest of the desired state.

    It is the same for the same YAML, variables, overlays and lookups; ids that the configuration
    itself makes do not enter it, so it stays while a plan is executed.
    """
    desired = {
        str(address): {
            "values": {name: resolver.described(v) for name, v in resource.values.items()},
            "inputs": {name: resolver.described(v) for name, v in resource.inputs.items()},
            "absent": resource.absent,
        }
        for address, resource in configuration.resources.items()
    }
    limited = None if configuration.limited is None else sorted(map(str, configuration.limited))
    whole = {
        "stack": configuration.stack,
        "protect": sorted(configuration.protect),
        "limited": limited,
        "resources": desired,
    }
    return sha256(canonical_json(whole))
