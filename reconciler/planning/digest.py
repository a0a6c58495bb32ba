"""The digest of the desired state, by which a reviewed plan is known."""

import hashlib
from collections.abc import Iterator, Mapping

import orjson

from ..configuration.resource import Configuration, KeyReference, Resource, Value
from ..identity.resolve import Resolver
from ..values.jsonform import AS_THEY_ARE, canonical_json
from ..values.jsontext import dumps
from ..values.portions import in_portions

AT_ONCE = 1000
"""Resources that are written at a time: all of them together would be large."""


def digest_of(configuration: Configuration, resolver: Resolver) -> str:
    """Compute the digest of the desired state.

    It is the same for the same YAML, variables, overlays and lookups; ids that the configuration
    itself makes do not enter it, so it stays while a plan is executed.
    """
    limited = None if configuration.limited is None else sorted(map(str, configuration.limited))
    whole: dict[str, object] = {
        "stack": configuration.stack,
        "protect": sorted(configuration.protect),
        "limited": limited,
        "resources": {},
    }
    before, empty, after = canonical_json(whole).partition(b'"resources":{')
    digest = hashlib.sha256(before + empty)
    for part in _resources(configuration, resolver):
        digest.update(part)
    digest.update(after)
    return f"sha256:{digest.hexdigest()}"


def _resources(configuration: Configuration, resolver: Resolver) -> Iterator[bytes]:
    """Write the resources as canonical JSON, in the order of their names, without the braces."""
    named = sorted((str(address), address) for address in configuration.resources)
    comma = b""
    for some in in_portions(named, AT_ONCE):
        resources = {n: _described(configuration.resources[a], resolver) for n, a in some}
        yield comma + dumps(resources, option=orjson.OPT_SORT_KEYS)[1:-1]
        comma = b","


def _described(resource: Resource, resolver: Resolver) -> dict[str, object]:
    return {
        "values": _values(resource.values, resolver),
        "inputs": _values(resource.inputs, resolver),
        "absent": resource.absent,
    }


def _values(values: Mapping[str, Value], resolver: Resolver) -> dict[str, object]:
    return {
        name: value if type(value) in AS_THEY_ARE else _settled(value, resolver)
        for name, value in values.items()
    }


def _settled(value: Value, resolver: Resolver) -> object:
    """Describe a value so that equal ones are written alike."""
    described = resolver.described(value)
    if isinstance(value, KeyReference):
        return described
    return orjson.Fragment(canonical_json(described))
