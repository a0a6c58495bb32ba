"""A column as editors should take it: its value, null where it may be, and a word about it."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..values.column import JSON, Column
from .references import places_name, reference_name
from .scalars import Schema, scalar

NULL: Schema = {"type": "null"}
_PLAIN = ("type", "items", "properties", "additionalProperties", "minItems", "maxItems", "enum")
_SHAPES = {
    "object": "a mapping", "array": "a list", "string": "a text", "number": "a number",
    "boolean": "true or false",
}  # fmt: skip
_MAY_VARY = frozenset({"integer", "number", "boolean"})


def column_schema(column: Column) -> Schema:
    """Describe a column."""
    values = [*_values(column), *([NULL] if column.nullable else [])]
    return {"description": describe(column), "anyOf": cast("JSON", values)}


def describe(column: Column) -> str:
    """Say what a column holds, and what to know before writing it."""
    return " ".join([column.description, *_remarks(column)])


def _remarks(column: Column) -> Iterator[str]:
    if column.reference:
        yield f"Takes a key of {column.reference.kind}, an id, or a lookup."
    if column.required_on_create:
        yield "Needed to create the row."
    if column.sensitive:
        yield "A secret: write ${NAME}, and give its value from outside."
    if column.unconfirmed:
        yield "Not in the API's documents of today."
    if column.stands_for:
        yield "Only for the create; never compared afterwards."


def _values(column: Column) -> Iterator[Schema]:
    """List what a column takes besides null."""
    schema = column.schema
    if column.reference:
        yield {"$ref": f"#/definitions/{reference_name(column.reference.kind)}"}
    elif column.type.form == "json":
        yield _json_column(column)
    elif column.type.item:
        limits = {name: schema[name] for name in ("minItems", "maxItems") if name in schema}
        yield {"type": "array", "items": _any_of(list(_one_value(column))), **limits}
    else:
        yield from _one_value(column)


def _one_value(column: Column) -> Iterator[Schema]:
    if column.choices:
        yield {"enum": [*column.choices]}
        yield {"$ref": "#/definitions/variable"}
    else:
        yield scalar(column.type, column.value_schema)


def _any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": cast("JSON", schemas)}


def _json_column(column: Column) -> Schema:
    types = column.schema["type"]
    names = [name for name in (types if isinstance(types, list) else [types]) if name != "null"]
    words = " or ".join(_SHAPES[str(name)] for name in names)
    plain = {**_json(column.schema), "type": names, "errorMessage": f"Takes {words}."}
    if not column.places:
        return plain
    return {"allOf": [plain, {"$ref": f"#/definitions/{places_name(column.places)}"}]}


def _json(schema: Mapping[str, JSON]) -> Schema:
    """Copy a schema of JSON; a variable may stand for any number or boolean in it."""
    copied: Schema = {name: schema[name] for name in _PLAIN if name in schema}
    if "description" in schema:
        copied["description"] = schema["description"]
    for name in ("items", "additionalProperties"):
        if isinstance(copied.get(name), dict):
            copied[name] = _json_inside(cast("Schema", copied[name]))
    if isinstance(copied.get("properties"), dict):
        properties = cast("dict[str, Schema]", copied["properties"])
        copied["properties"] = {name: _json_inside(inner) for name, inner in properties.items()}
    return copied


def _json_inside(schema: Schema) -> Schema:
    copied = _json(schema)
    kind = copied.get("type")  # several: a text is one of them, and so a variable fits
    if isinstance(kind, list) or kind not in _MAY_VARY:
        return copied
    return {"anyOf": [copied, {"$ref": "#/definitions/variable"}]}
