"""A column as editors should take it: its value, null where it may be, and a word about it."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..catalogue import Kind
from ..catalogue.rules import law
from ..values.codes import EXPECTS
from ..values.column import JSON, Column
from .codes import code_name
from .references import places_name, reference_name
from .scalars import Schema, scalar

NULL: Schema = {"type": "null"}
_PLAIN = ("type", "items", "properties", "additionalProperties", "minItems", "maxItems", "enum")
_SHAPES = {
    "object": "a mapping", "array": "a list", "string": "a text", "number": "a number",
    "boolean": "true or false",
}  # fmt: skip
_INNER = frozenset({"items", "additionalProperties", "then", "else"})
_MAY_VARY = frozenset({"integer", "number", "boolean"})


def column_schema(column: Column, kind: Kind) -> Schema:
    """Describe a column of a kind."""
    value = _with_rules(_any_of(list(_values(column))), column, kind)
    values = [value, NULL] if column.nullable else [value]
    return {"description": describe(column, kind), "anyOf": cast("JSON", values)}


def describe(column: Column, kind: Kind) -> str:
    """Say what a column holds, and what to know before writing it."""
    return " ".join([column.description, *_remarks(column), *_laws(column, kind)])


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
    if column.code:
        yield f"{'Each is' if column.type.item else 'Takes'} {EXPECTS[column.code]}."


def _laws(column: Column, kind: Kind) -> Iterator[str]:
    for rule in kind.relations:
        if column.name in rule.columns:
            word = "Rule" if rule.severity == "error" else "Usually"
            yield f"{word}: {law(rule, kind.all_columns)}."


def _with_rules(value: Schema, column: Column, kind: Kind) -> Schema:
    """Add what is known of the inside; an empty mapping is no value, and nothing is inside."""
    rules: list[JSON] = [
        {"if": {"const": {}}, "else": _with_variables(rule.schema)}
        for rule in kind.insides
        if rule.column == column.name and rule.severity == "error"
    ]
    return {"allOf": [value, *rules]} if rules else value


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
    elif name := code_name(column):
        yield {"$ref": f"#/definitions/{name}"}
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
            copied[name] = _or_variable(_json(cast("Schema", copied[name])))
    if isinstance(copied.get("properties"), dict):
        properties = cast("dict[str, Schema]", copied["properties"])
        copied["properties"] = {
            name: _or_variable(_json(inner)) for name, inner in properties.items()
        }
    return copied


def _with_variables(schema: Mapping[str, JSON]) -> Schema:
    """Copy a rule; a variable may stand for what it wants, but not for what it asks (``if``)."""
    copied: Schema = {}
    for word, value in schema.items():
        if word == "properties" and isinstance(value, dict):
            inner = cast("dict[str, Schema]", value)
            copied[word] = {name: _or_variable(_with_variables(one)) for name, one in inner.items()}
        elif word in _INNER and isinstance(value, dict):
            copied[word] = _or_variable(_with_variables(value))
        else:
            copied[word] = value
    return copied


def _or_variable(schema: Schema) -> Schema:
    types = schema.get("type")
    names = {str(name) for name in (types if isinstance(types, list) else [types])}
    if "string" in names or names.isdisjoint(_MAY_VARY):
        return schema
    return {"anyOf": [schema, {"$ref": "#/definitions/variable"}]}
