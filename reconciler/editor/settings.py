"""The ``reconciler:`` block, and how draft 2020-12 is said in draft 7."""

from collections.abc import Mapping
from typing import cast

from ..catalogue import Kind
from ..values.column import JSON
from .keys import Keys
from .scalars import VARIABLE, Schema

_EXPECTS = "x-expects"


def settings_schema(given: Schema, kinds: Mapping[str, Kind], keys: Keys) -> Schema:
    """Describe the block: its organization may be a variable, what it protects is completed."""
    properties = cast("dict[str, Schema]", given["properties"])
    organization, protect = properties["organization"], properties["protect"]
    addresses = [f"{kind}.{key}" for kind, found in keys.items() for key in found]
    names = [name for name, kind in kinds.items() if "delete" in kind.verbs]
    described = {
        **{name: _with_expected(setting) for name, setting in properties.items()},
        "organization": _with_expected(
            {**organization, "pattern": f"{organization['pattern']}|{VARIABLE}"}
        ),
        "protect": {
            **protect,
            "items": {
                "anyOf": [
                    {"enum": cast("JSON", [*names, *addresses])},
                    _with_expected(cast("Schema", protect["items"])),
                ]
            },
        },
    }
    return {**given, "properties": cast("JSON", described)}


def key_schema(given: Mapping[str, Schema]) -> Schema:
    """Describe a key in one pattern: where it does not fit, editors can say why."""
    key, uuid = str(given["key"]["pattern"]), str(given["uuid"]["pattern"])
    schema: Schema = {
        "description": given["key"]["description"],
        "type": ["string", "number"],  # an editor takes a key such as 2026 for a number
        "pattern": f"^(?!{uuid.removeprefix('^')}){key.removeprefix('^')}",
    }
    return with_advice(schema, "a name of a-z, 0-9, '_' and single '-'")


def binding_schema(given: Mapping[str, Schema]) -> Schema:
    """Describe an entry of a bindings file: editors take it for a file of the configuration."""
    return {
        "description": "Only in a bindings file: the row that an address means.",
        "type": "object",
        "properties": {"id": given["uuid"], "origin": {"enum": ["owned", "adopted"]}},
        "required": ["id", "origin"],
        "additionalProperties": False,
    }


def with_advice(schema: Schema, takes: str) -> Schema:
    """Add what editors say where the schema does not fit."""
    advice = f"Takes {takes}."
    return {**schema, "errorMessage": advice, "patternErrorMessage": advice}


def draft_7(schema: JSON) -> JSON:
    """Rewrite a schema: ``$defs`` have another name, and nothing beside a ``$ref`` is read."""
    if isinstance(schema, list):
        return [draft_7(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    said = {name.replace("$defs", "definitions"): draft_7(value) for name, value in schema.items()}
    reference = said.pop("$ref", None)
    if not isinstance(reference, str):
        return said
    pointing: Schema = {"$ref": reference.replace("#/$defs/", "#/definitions/")}
    return {**said, "anyOf": [pointing]} if said else pointing


def _with_expected(schema: Schema) -> Schema:
    expects = schema.get(_EXPECTS)
    plain = {name: value for name, value in schema.items() if name != _EXPECTS}
    return with_advice(plain, expects) if isinstance(expects, str) else plain
