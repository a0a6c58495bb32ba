"""Scalars as editors should take them: whatever the tool itself reads, ``${NAME}`` included.

An editor decides types before it looks at the schema: to it ``0123`` is a number and ``true`` a
boolean, where the tool reads a text column as text. So these schemas are wide on purpose; what
they refuse, the tool refuses, too.
"""

from collections.abc import Mapping

from ..values.column import JSON, ColumnType

Schema = dict[str, JSON]

VARIABLE = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"
_INTEGER = r"^[+-]?[0-9]+$"
_REAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_EXPECTED: Mapping[ColumnType, str] = {
    "boolean": "true or false",
    "smallint": "a whole number such as 12",
    "integer": "a whole number such as 12",
    "bigint": "a whole number such as 12",
    "real": "a number such as 12 or 0.5",
    "date": "a date such as 2026-07-04",
    "time": "a time of day such as 15:00",
    "timestamptz": "a moment such as 2026-07-04T15:00:00Z",
    "daterange": "a range of dates such as '[2026-07-04,2026-07-11)'",
    "datemultirange": "ranges of dates such as '{[2026-07-04,2026-07-11)}'",
    "uuid": "an id such as 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37",
}
TEXT: Schema = {
    # no `type`: it would make editors offer true and false
    "if": {"type": ["object", "array", "null"]},
    "then": {"type": "string", "errorMessage": "Takes a text."},
}


def scalar(kind: ColumnType, schema: Mapping[str, JSON]) -> Schema:
    """Describe one value of a column of this type, whose own schema is given."""
    kind = _item(kind)
    match kind:
        case "text" | "tsvector" | "jsonb":
            return {"$ref": "#/definitions/text"}
        case "boolean":
            return _typed("boolean", "^(true|false)$", _EXPECTED[kind])
        case "smallint" | "integer" | "bigint":
            limits = {name: schema[name] for name in ("minimum", "maximum") if name in schema}
            return {**_typed("integer", _INTEGER, _EXPECTED[kind]), **limits}
        case "real":
            return _typed("number", _REAL, _EXPECTED[kind])
    pattern = schema.get("pattern")
    return _typed(None, pattern if isinstance(pattern, str) else "", _EXPECTED[kind])


def _item(kind: ColumnType) -> ColumnType:
    match kind:
        case "text[]":
            return "text"
        case "boolean[]":
            return "boolean"
    return kind


def _typed(name: str | None, pattern: str, expected: str) -> Schema:
    takes = f"Takes {expected}, or ${{NAME}}."
    return {
        "type": [name, "string"] if name else "string",
        "pattern": f"{pattern}|{VARIABLE}",
        "errorMessage": takes,
        "patternErrorMessage": takes,
    }
