"""References as editors should take them: a key, an id, or a lookup; alone and inside JSON.

The keys that are known are offered. One that is not known is accepted, since the files change
faster than the schema is written: ``reconciler validate`` is the judge of references.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from ..catalogue import KeyPart, Kind
from ..values.column import JSON, Place
from .keys import Keys
from .scalars import VARIABLE, Schema

_KEY = "^[a-z0-9]([a-z0-9_]|-(?!-))*$"
_UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"


def reference(kind: Kind, keys: tuple[str, ...]) -> Schema:
    """Describe a reference to a kind whose resources have these keys."""
    takes = f"Takes a key of {kind.name}, an id, or {{lookup: {{{_criterion(kind)}: …}}}}."
    if not kind.in_yaml:
        takes = f"Takes the id of a row of {kind.name}, or {{lookup: {{{_criterion(kind)}: …}}}}."
    said: Schema = {"errorMessage": takes, "patternErrorMessage": takes}
    known: list[Schema] = [{"enum": cast("JSON", list(keys)), **said}] if keys else []
    # an editor takes a key such as 2026 for a number
    written: Schema = {
        "type": ["string", "number"],
        "pattern": "|".join([*([_KEY] if kind.in_yaml else []), _UUID, VARIABLE]),
        **said,
    }
    return {"anyOf": cast("JSON", [*known, written, _lookup(kind)])}


def reference_name(kind: str) -> str:
    """Name the definition of a reference to a kind."""
    return f"reference-{kind}"


def json_with_places(places: tuple[Place, ...], keys: Keys) -> Schema:
    """Describe JSON that holds references at these places, at any depth."""
    itself: Schema = {"$ref": f"#/definitions/{places_name(places)}"}
    named = {
        place.property: {
            "anyOf": [
                {"$ref": f"#/definitions/{reference_name(place.target.kind)}"},
                {"type": ["object", "array", "null"], "allOf": [itself]},
            ]
        }
        for place in places
        if place.property
    }
    # where the names of the object are ids, only those of the outermost are: the known are offered
    offered: dict[str, JSON] = {
        key: {} for p in places if not p.property for key in keys.get(p.target.kind, ())
    }
    return {
        "if": {"type": "object"},
        "then": {
            "properties": cast("JSON", {**offered, **named}),
            **({"additionalProperties": itself} if named else {}),
        },
        "else": {"items": itself} if named else {},
    }


def places_name(places: tuple[Place, ...]) -> str:
    """Name the definition of JSON with references at these places."""
    return "json-" + "-".join(f"{p.property or 'names'}-{p.target.kind}" for p in places)


def _lookup(kind: Kind) -> Schema:
    criteria: Mapping[str, JSON] = {
        str(part): {"$ref": "#/definitions/text"} for part in _criteria(kind)
    }
    return {
        "type": "object",
        "properties": {
            "lookup": {
                "description": f"The one row of {kind.name} whose columns have these values.",
                "type": "object",
                "properties": dict(criteria),
                "minProperties": 1,
            }
        },
        "required": ["lookup"],
        "additionalProperties": False,
    }


def _criterion(kind: Kind) -> str:
    return next((str(part) for part in _criteria(kind)), "column")


def _criteria(kind: Kind) -> Iterator[KeyPart]:
    """Give the parts of the natural keys that a row can be looked up by."""
    for part in dict.fromkeys(part for key in kind.natural_keys for part in key):
        if not (part.through or part.values or kind.columns[part.column].sensitive):
            yield part
