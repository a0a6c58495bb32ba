"""Scalars as editors should take them: whatever the tool itself reads, ``${NAME}`` included.

An editor decides types before it looks at the schema: to it ``0123`` is a number and ``true`` a
boolean, where the tool reads a text column as text. So these schemas are wide on purpose; what
they refuse, the tool refuses, too.
"""

from collections.abc import Mapping

from ..values.column import JSON
from ..values.types import ColumnType

Schema = dict[str, JSON]

VARIABLE = r"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}"
_LIMITS = ("minimum", "maximum")
_ANY_TEXT = frozenset({"text", "search", "json"})
TEXT: Schema = {
    # no `type`: it would make editors offer true and false
    "if": {"type": ["object", "array", "null"]},
    "then": {"type": "string", "errorMessage": "Takes a text."},
}


def scalar(kind: ColumnType, schema: Mapping[str, JSON]) -> Schema:
    """Describe one value of a column of this type, whose own schema is given."""
    kind = kind.item or kind
    if kind.form in _ANY_TEXT:
        return {"$ref": "#/definitions/text"}
    own = schema.get("pattern")
    pattern = f"^{kind.pattern}$" if kind.pattern else own if isinstance(own, str) else ""
    limits = _LIMITS if kind.form == "integer" else ()
    limited = {name: schema[name] for name in limits if name in schema}
    return {**_typed(kind.json[0], pattern, kind.expects), **limited}


def _typed(name: str, pattern: str, expected: str) -> Schema:
    takes = f"Takes {expected}, or ${{NAME}}."
    return {
        "type": [name, "string"] if name != "string" else name,
        "pattern": f"{pattern}|{VARIABLE}",
        "errorMessage": takes,
        "patternErrorMessage": takes,
    }
