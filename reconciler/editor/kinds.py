"""A kind as editors should take it: its block at the top of a file, and one row in it."""

from collections.abc import Iterator
from typing import cast

from ..catalogue import Kind
from ..configuration.words import IGNORE
from ..values.column import JSON, Column
from .columns import column_schema
from .scalars import Schema


def block_schema(kind: Kind) -> Schema:
    """Describe what stands below a kind's name: rows by key, or a list of links."""
    row: Schema = {"$ref": f"#/definitions/{kind.name}"}
    pair = " and ".join(part.column for part in kind.natural_key)
    if kind.is_link:
        description = f"{kind.description} A list; {pair} together are the key."
        return {**_titled(kind, description), "type": ["array", "null"], "items": row}
    return {
        **_titled(kind, f"{kind.description} A mapping of keys to columns."),
        "type": ["object", "null"],
        "propertyNames": {"$ref": "#/definitions/key"},
        "additionalProperties": row,
    }


def row_schema(kind: Kind, directives: Schema) -> Schema:
    """Describe one row: what people may give of it, and what they may say about it."""
    columns = {column.name: column for column in written_columns(kind)}
    pair = [part.column for part in kind.natural_key] if kind.is_link else []
    ordered = [*pair, *(name for name in columns if name not in pair)]
    row: Schema = {
        **_titled(kind, kind.description),
        "type": "object" if kind.is_link else ["object", "null"],
        "properties": {
            **{name: column_schema(columns[name], kind) for name in ordered},
            **_directives(kind, directives, list(columns)),
        },
        "additionalProperties": False,
    }
    return {**row, "required": cast("JSON", pair)} if pair else row


def written_columns(kind: Kind) -> Iterator[Column]:
    """Iterate over what people may give: columns, and inputs that are only for the create."""
    for column in (*kind.columns.values(), *kind.inputs.values()):
        if column.writable:
            yield column


def _titled(kind: Kind, description: str) -> Schema:
    return {"title": kind.title, "description": description}


def _directives(kind: Kind, given: Schema, columns: list[str]) -> dict[str, JSON]:
    properties = cast("dict[str, Schema]", given["properties"])
    ignored = {**properties[IGNORE], "items": {"enum": cast("JSON", columns)}}
    return {**properties, IGNORE: ignored}
