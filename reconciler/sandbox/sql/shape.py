"""What becomes of rows: JSON, CSV or plain text, built by PostgreSQL.

Rows whose keys are all columns or kinds go through PostgreSQL's own ``row_to_json``. Where a
request renames, the same text is put together from parts, with the names as values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from .statement import SOURCE, Parameters

Shape = Literal["list", "object", "csv", "geo", "bytes", "text", "xml", "none"]
ROWS = "_postgrest_t"

_BETWEEN = "E', \\n '"


@dataclass(frozen=True, slots=True)
class Output:
    """One value of a row: the key to show it with, and what SQL calls it."""

    key: str
    column: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """All values of a row; ``as_named``: SQL calls each by its key."""

    values: tuple[Output, ...]
    as_named: bool


def body_of(shape: Shape, outputs: Outputs, header: Sequence[str], values: Parameters) -> str:
    """Write the whole body from the rows ``_postgrest_t``."""
    match shape:
        case "none":
            return "''"
        case "list":
            return f"coalesce({list_of(ROWS, outputs, values)}::text, '[]')"
        case "object" if outputs.as_named:
            return f"coalesce((json_agg({ROWS})->0)::text, 'null')"
        case "object":
            return f"coalesce((array_agg({object_of(ROWS, outputs, values)}))[1], 'null')"
        case "csv":
            return _csv(header, values)
        case "geo":
            features = f"coalesce(json_agg(ST_AsGeoJSON({ROWS})::json), '[]')"
            return f"json_build_object('type', 'FeatureCollection', 'features', {features})::text"
        case "xml":
            return f"coalesce(xmlagg({_only(outputs)}), '')::text"
        case "bytes" | "text":
            return f"coalesce(string_agg({_only(outputs)}, ''), '')"


def list_of(name: str, outputs: Outputs, values: Parameters) -> str:
    """Write the JSON list of all rows of ``name``; null for none."""
    if outputs.as_named:
        return f"json_agg({name})"
    return f"('[' || string_agg({object_of(name, outputs, values)}, {_BETWEEN}) || ']')::json"


def object_of(name: str, outputs: Outputs, values: Parameters) -> str:
    """Put a row's JSON together as ``row_to_json`` would write it, but with keys of our own."""
    parts = []
    for number, output in enumerate(outputs.values):
        key = (b"," if number else b"{") + orjson.dumps(output.key) + b":"
        parts.append(f"{values.add(key.decode())}::text")
        parts.append(f"coalesce(to_json({name}.{output.column})::text, 'null')")
    return " || ".join(parts) + " || '}'" if parts else "'{}'"


def _only(outputs: Outputs) -> str:
    return f"{ROWS}.{outputs.values[0].column}"


def _csv(header: Sequence[str], values: Parameters) -> str:
    names = values.add(",".join(header))
    head = f"case when exists (select from {SOURCE}) then {names}::text else '' end"
    row = f"substring({ROWS}::text, 2, length({ROWS}::text) - 2)"
    return rf"{head} || E'\n' || coalesce(string_agg({row}, E'\n'), '')"
