"""What a user's schema may say: keywords, names and SQL from lists of ours."""

import re
from collections.abc import Iterator, Mapping

from ...values.column import JSON
from ...values.types import TYPES
from .files import Complaint, Schema, Steps

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
DEFAULTS = (
    "gen_random_uuid()", "gen_random_uuid()::text", "now()", "current_date", "CURRENT_DATE",
    "identity",
)  # fmt: skip
"""What a server may fill in; the sandbox runs it as SQL."""

_NO_KINDS = frozenset({"reconciler", "templates", "defaults", "policies", "rpc", "lookup"})
_NO_COLUMNS = frozenset(
    {"select", "order", "limit", "offset", "and", "or", "not", "columns", "on_conflict", "lookup"}
)
"""Words of a query to a PostgREST API: a filter on such a column would be read as one of them."""
_PLAIN = frozenset(
    {
        "title", "description", "type", "format", "default", "enum", "examples", "deprecated",
        "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "items",
        "properties", "required", "additionalProperties",
    }
)  # fmt: skip
"""JSON Schema that cannot run long, refer elsewhere or load anything; so no `pattern`."""
_OURS = frozenset(
    {
        "readOnly", "x-type", "x-format", "x-volatile", "x-references", "x-json-references",
        "x-filled", "x-required-on-create", "x-pii", "x-sensitive", "x-interim", "x-unconfirmed",
        "x-default-sql",
    }
)  # fmt: skip
_FORMATS = frozenset({"uuid", "date", "date-time", "time", "email", "uri"})
_NO_ACTIONS = ("x-create", "x-delete")


def wrong_words(schema: Schema, shipped: Mapping[str, JSON]) -> Iterator[Complaint]:
    """Find what no schema of a user may say; ``shipped`` is what is known of the kind."""
    name = schema.get("x-kind")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in _NO_KINDS:
        hint = "a name of a-z, 0-9 and _ that begins with a letter, and is no word of the tool"
        yield Complaint(["x-kind"], "x-kind is no name that a kind may have", hint)
    for word in _NO_ACTIONS:
        if word in schema and schema[word] != shipped.get(word):
            yield Complaint([word], f"{word} cannot be given: actions are code of the tool")
    if "x-rules" in schema and schema["x-rules"] != shipped.get("x-rules"):
        hint = "take it out; write a policy for a rule of your own"
        yield Complaint(["x-rules"], "x-rules cannot be given: they may hold any schema", hint)
    columns, known = schema.get("properties"), shipped.get("properties")
    for column, given in columns.items() if isinstance(columns, dict) else ():
        steps = ["properties", column]
        if not NAME.fullmatch(column) or column in _NO_COLUMNS:
            message = f"{column!r} is no name that a column may have"
            yield Complaint(steps, message, "a-z, 0-9 and _, and no word of a query")
        before = known.get(column) if isinstance(known, dict) else None
        if isinstance(given, dict) and given != before:
            yield from _wrong_column(given, before if isinstance(before, dict) else {}, steps)


def _wrong_column(given: Schema, shipped: Mapping[str, JSON], steps: Steps) -> Iterator[Complaint]:
    for word, value in given.items():
        if word in shipped and shipped[word] == value:
            continue
        here = [*steps, word]
        if word not in _PLAIN and word not in _OURS:
            yield Complaint(here, f"{word} cannot be given here", _why_not(word))
        elif word == "x-default-sql" and value not in DEFAULTS:
            hint = f"one of {', '.join(DEFAULTS)}; a constant is `default`"
            yield Complaint(here, "x-default-sql takes only SQL that is known", hint)
        elif word == "format" and value not in _FORMATS:
            yield Complaint(here, "this format is not known", f"one of {', '.join(_FORMATS)}")
        elif word == "type":
            yield from _wrong_type(value, given.get("x-type", shipped.get("x-type")), here)
        else:
            yield from _inside(word, value, here)


def _wrong_type(value: JSON, column_type: JSON, here: Steps) -> Iterator[Complaint]:
    known = TYPES.get(column_type) if isinstance(column_type, str) else None
    names = {name for name in (value if isinstance(value, list) else [value]) if name != "null"}
    if known and not names <= set(known.json):
        hint = f"write {' or '.join(known.json)}, with null where it may be empty"
        yield Complaint(here, f"a column of the type {column_type} does not hold this", hint)


def _inside(word: str, value: JSON, here: Steps) -> Iterator[Complaint]:
    """Look into schemas of what a JSON column holds."""
    if word in {"items", "additionalProperties"} and isinstance(value, dict):
        yield from _plain(value, here)
    if word == "properties" and isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict):
                yield from _plain(inner, [*here, name])


def _plain(schema: Schema, steps: Steps) -> Iterator[Complaint]:
    for word, value in schema.items():
        if word not in _PLAIN:
            yield Complaint([*steps, word], f"{word} cannot be given here", _why_not(word))
        else:
            yield from _inside(word, value, [*steps, word])


def _why_not(word: str) -> str:
    if word == "pattern":
        return "an expression can run for ever; use enum, format or maxLength"
    return "docs/catalogue.md lists the words"
