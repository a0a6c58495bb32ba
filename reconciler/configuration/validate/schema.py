"""JSON Schema: a fast gate for everything, an explanation for what does not pass."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

import jsonschema_rs

from ...catalogue import Kind
from ...diagnostics import Code
from ...diagnostics.words import shortened
from ...values.column import JSON, Column
from ..load.nodes import Node, Scalar, locate
from ..resource import IdMap, IdReference, KeyReference, Lookup, Unknown, Value
from .cell import Cell, describe
from .suggest import Suggester, listed

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SIMPLE = re.compile(r"\w[\w -]*")
_LONGEST_EXAMPLE = 60
_MANY = 20
"""So many choices are not listed any more."""
_TYPES = {
    "string": "a text", "number": "a number", "integer": "a whole number", "object": "a mapping",
    "array": "a list", "boolean": "true or false", "null": "null",
}  # fmt: skip


class NotPlainError(Exception):
    """A value holds something that is only known later, so that no schema can judge it."""


class Gate:
    """Judges the columns of resources, with one compiled schema per kind."""

    def __init__(self, suggest: Suggester) -> None:
        self._suggest = suggest
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._by_column: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}
        self._strict: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def accepts(self, kind: Kind, values: Mapping[str, JSON]) -> bool:
        """Tell whether values fit their columns."""
        if kind.name not in self._compiled:
            self._compiled[kind.name] = _compile(kind, "error")
        return self._compiled[kind.name].is_valid(values)

    def accepts_all(self, kind: Kind, name: str, values: Collection[JSON]) -> bool:
        """Tell whether each of some values fits a column."""
        if (kind.name, name) not in self._by_column:
            schema = {"items": _schemas(kind, "error")[name]}
            self._by_column[kind.name, name] = jsonschema_rs.Draft202012Validator(schema)
        return self._by_column[kind.name, name].is_valid([*values])

    def is_silent(self, kind: Kind, values: Mapping[str, JSON]) -> bool:
        """Tell whether nothing at all is to be said of values, not even a warning."""
        if not any(rule.severity == "warning" for rule in kind.insides):
            return self.accepts(kind, values)
        if kind.name not in self._strict:
            self._strict[kind.name] = _compile(kind, "error", "warning")
        return self._strict[kind.name].is_valid(values)

    def explain(self, kind: Kind, cell: Cell, value: JSON) -> None:
        """Report everything in one column's value that does not fit its schema, or its rules."""
        refused: set[str] = set()
        self._explain(cell, value, cell.column.schema, refused)
        rules = [rule for rule in kind.insides if rule.column == cell.column.name and value != {}]
        for rule in sorted(rules, key=lambda rule: rule.severity):
            doubtful = rule.severity == "warning"
            self._explain(cell, value, rule.schema, refused, doubtful=doubtful)

    def _explain(
        self,
        cell: Cell,
        value: JSON,
        schema: Mapping[str, JSON],
        refused: set[str],
        *,
        doubtful: bool = False,
    ) -> None:
        """Report what does not fit one schema; of a place that is ``refused`` no doubt is said."""
        from jsonschema import Draft202012Validator  # what is right needs no explanation

        found = Draft202012Validator(dict(schema)).iter_errors(value)
        # of all names that a mapping lacks at once, there is one error each
        errors = {(error.json_path, str(error.validator)): error for error in found}.values()
        for error in errors:
            if not (doubtful and error.json_path in refused):
                place = locate(cell.entry.value, error.absolute_path)
                self._report(error, place, cell, doubtful=doubtful)
        if not doubtful:
            refused.update(error.json_path for error in errors)
            if not errors and not jsonschema_rs.is_valid(dict(schema), value):
                # The two differ in regular expressions; the gate's answer is the one kept.
                message = f"{cell.column.name} is not accepted"
                cell.refuse("invalid-value", cell.entry.value, message)

    def _report(self, error: "ValidationError", node: Node, cell: Cell, *, doubtful: bool) -> None:
        # What is written, not what it became: that may be the value of a variable.
        shown = "" if cell.column.private else f", not {describe(node)}"
        code, says, hint = self._words(error, cell, shown)
        message = f"{_path(cell.column.name, error.absolute_path)} {says}"
        if doubtful:
            cell.warn("doubtful-value", node, message, hint or "leave it if it is right")
        else:
            cell.refuse(code, node, message, hint or _as_mapping(error, node, cell))

    def _words(
        self, error: "ValidationError", cell: Cell, shown: str
    ) -> tuple[Code, str, str | None]:
        value, rule = cast("JSON", error.instance), cast("JSON", error.validator_value)
        match error.validator, rule, value:
            case "enum", list(), _:
                choices = [str(choice) for choice in rule if choice is not None]
                hint = None if cell.column.private else self._suggest.hint(str(value), choices)
                takes = listed(choices) if len(choices) < _MANY else f"a word such as {choices[0]}"
                return "unknown-choice", f"takes {takes}{shown}", hint
            case "type", _, _:
                names = [str(name) for name in (rule if isinstance(rule, list) else [rule])]
                wanted = listed(_TYPES[name] for name in names if name != "null")
                return "wrong-type", f"takes {wanted}{shown}", None
            case "minimum", _, _:
                return "invalid-value", f"takes a number not under {rule}{shown}", None
            case "maximum", _, _:
                return "invalid-value", f"takes a number not over {rule}{shown}", None
            case "multipleOf", 1, _:
                return "invalid-value", f"takes a whole number{shown}", None
            case "required", list(), dict():
                missing = ", ".join(str(name) for name in rule if name not in value)
                return "invalid-value", f"lacks {missing}", None
            case "additionalProperties", False, dict():
                return "invalid-value", *self._unknown_name(error, value, cell)
            case "minItems", _, list():
                return "invalid-value", f"takes at least {rule} values, not {len(value)}", None
            case "maxItems", _, list():
                return "invalid-value", f"takes at most {rule} values, not {len(value)}", None
        return "invalid-value", f"is not accepted{shown}", None

    def _unknown_name(
        self, error: "ValidationError", value: Mapping[str, JSON], cell: Cell
    ) -> tuple[str, str | None]:
        """Say which name a mapping does not take; a name may be personal, too."""
        known = list(cast("Mapping[str, Mapping[str, JSON]]", error.schema)["properties"])
        name = next(name for name in value if name not in known)
        if cell.column.private:
            return f"takes {listed(known)} only", None
        return f"takes no {shortened(name)!r}", self._suggest.hint(name, known)


def _compile(kind: Kind, *severities: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"properties": _schemas(kind, *severities)})


def _schemas(kind: Kind, *severities: str) -> dict[str, dict[str, object]]:
    """Give the schema of each column, with its rules of these severities."""
    return {n: schema_of(kind, column, *severities) for n, column in kind.all_columns.items()}


def schema_of(kind: Kind, column: Column, *severities: str) -> dict[str, object]:
    """Give the schema of a column, with its rules of these severities.

    An empty mapping is no value: nothing is inside.
    """
    schemas: list[dict[str, object]] = [dict(column.schema)]
    for rule in kind.insides:
        if rule.severity in severities and rule.column == column.name:
            schemas.append({"if": {"const": {}}, "else": dict(rule.schema)})
    return {"allOf": schemas} if len(schemas) > 1 else schemas[0]


def plain(value: Value) -> JSON:
    """Give a value as the JSON that a schema judges: a reference is a text, an id map an object.

    Raises NotPlainError where a variable is unset.
    """
    if value is None or isinstance(value, str | int | float):
        return value  # most values are: nothing else need be tried
    match value:
        case Unknown():
            raise NotPlainError
        case list():
            return [plain(item) for item in value]
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case IdMap():
            return {_name(reference): plain(item) for reference, item in value.items}
        case KeyReference() | IdReference() | Lookup():
            return _name(value)
    return value


def accepts(column: Column, value: JSON) -> bool:
    """Tell whether a column's schema takes a value."""
    return jsonschema_rs.is_valid(dict(column.schema), value)


def _as_mapping(error: "ValidationError", node: Node, cell: Cell) -> str | None:
    """Say how a single text is written where a text in several languages belongs."""
    properties = cast("Mapping[str, JSON]", error.schema).get("properties")
    if error.validator != "type" or not isinstance(properties, dict) or "default" not in properties:
        return None
    if not isinstance(node, Scalar):
        return None
    text = node.text
    if cell.column.private or len(text) > _LONGEST_EXAMPLE:
        return "write {default: …}"
    if not (node.plain and error.instance == text and _SIMPLE.fullmatch(text)):
        text = json.dumps(text, ensure_ascii=False)
    return f"write {{default: {text}}}"


def _name(reference: KeyReference | IdReference | Lookup) -> str:
    match reference:
        case KeyReference():
            return reference.address.key
        case IdReference():
            return reference.id
    return reference.kind


def _path(column: str, steps: Iterable[str | int]) -> str:
    return column + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
