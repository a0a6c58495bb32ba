"""The whole schema, in JSON Schema draft 7: what the language servers of today know best.

Its parts come from ``configuration.schema.json`` and from the kinds. Of the folder it knows the
keys, so that references can be completed.
"""

from collections.abc import Iterator, Mapping
from typing import cast

import orjson

from ..catalogue import Kind, schema_folder
from ..values.column import JSON
from .codes import codes
from .keys import Keys
from .kinds import block_schema, row_schema, written_columns
from .references import json_with_places, places_name, reference, reference_name
from .scalars import TEXT, Schema
from .settings import binding_schema, draft_7, key_schema, settings_schema, with_advice
from .templates import Templates, definitions, top_level

DRAFT = "http://json-schema.org/draft-07/schema#"


def editor_schema(
    kinds: Mapping[str, Kind], keys: Keys, templates: Templates | None = None
) -> Schema:
    """Build the schema of one file of a folder whose resources have these keys."""
    templates = templates or {}
    path = schema_folder() / "configuration.schema.json"
    whole = cast("Schema", draft_7(orjson.loads(path.read_bytes())))
    given = cast("dict[str, Schema]", whole["definitions"])
    written = {kind.name: kind for kind in kinds.values() if kind.in_yaml}
    return {
        "$schema": DRAFT,
        "title": whole["title"],
        "description": whole["description"],
        "type": "object",
        "properties": {
            "reconciler": settings_schema(given["settings"], written, keys),
            **{name: block_schema(kind) for name, kind in written.items()},
            **dict(top_level(written, templates)),
        },
        "patternProperties": {
            **cast("Schema", whole["patternProperties"]),
            r"^[a-z0-9_]+\.": binding_schema(given),
        },
        "additionalProperties": False,
        "definitions": {
            "text": TEXT,
            "key": key_schema(given),
            "variable": with_advice(given["variable"], "one of its choices, or ${NAME}"),
            **{name: row_schema(kind, given["directives"]) for name, kind in written.items()},
            **dict(_references(written, kinds, keys)),
            **dict(codes(c for kind in written.values() for c in written_columns(kind))),
            **dict(definitions(written, templates, given["directives"])),
        },
    }


def _references(
    written: Mapping[str, Kind], kinds: Mapping[str, Kind], keys: Keys
) -> Iterator[tuple[str, JSON]]:
    columns = [column for kind in written.values() for column in written_columns(kind)]
    targets = {column.reference.kind for column in columns if column.reference}
    targets |= {place.target.kind for column in columns for place in column.places}
    for name in sorted(targets):
        yield reference_name(name), reference(kinds[name], keys.get(name, ()))
    for places in sorted({column.places for column in columns if column.places}, key=places_name):
        yield places_name(places), json_with_places(places, keys)
