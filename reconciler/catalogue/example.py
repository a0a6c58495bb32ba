"""An example of a kind, as YAML: the least that says what a row is, and that validates."""

from collections.abc import Iterator

from ..values.column import JSON, Column
from ..yamltext.emit import entry, item
from .kind import KeyPart, Kind

KEY = "example"
_SECRET = "${SECRET}"  # noqa: S105 (the name of a variable)
_CODES = {
    "colour": "#067f54", "country": "NL", "currency": "EUR", "email": "jane@example.com",
    "language": "en-US", "past-currency": "EUR", "time-zone": "Europe/Amsterdam",
    "url": "https://example.com",
}  # fmt: skip
_TEXT = "Example"


def example(kind: Kind) -> str:
    """Write a block of a kind with what a create needs and what the row is known by."""
    row: dict[str, JSON] = {column.name: value for column, value in _cells(kind)}
    if kind.is_link:
        return f"{kind.name}:\n{item(row, 2)}\n"
    cells = "".join(f"{entry(name, value, 4)}\n" for name, value in row.items())
    return f"{kind.name}:\n  {KEY}:\n{cells}"


def column_example(kind: Kind, column: Column) -> str:
    """Write one column with a value that it takes."""
    return entry(column.name, _value(column, _part(kind, column)), 0) + "\n"


def _cells(kind: Kind) -> Iterator[tuple[Column, JSON]]:
    columns = kind.all_columns
    wanted = [*(p.column for p in kind.natural_key if not p.optional), *kind.required]
    given = [columns[name] for name in dict.fromkeys(wanted) if columns[name].writable]
    some = given or [column for column in columns.values() if column.writable][:1]
    for column in some:
        yield column, _value(column, _part(kind, column))


def _part(kind: Kind, column: Column) -> KeyPart | None:
    return next((part for part in kind.natural_key if part.column == column.name), None)


def _value(column: Column, part: KeyPart | None = None) -> JSON:
    """Give a value that a column takes, and that makes its part of the natural key whole."""
    if column.sensitive:
        return _SECRET
    if part and part.values:
        return part.values[0]
    named = _named(column)
    if named:
        return [named[0]] if column.type.item else named[0]
    if column.type.form == "json":
        return _json(column, part)
    return _scalar(column)


def _named(column: Column) -> list[JSON]:
    """Give the values that a schema names: its examples, its default, its choices."""
    schema = column.value_schema
    examples = schema.get("examples")
    named = [*(examples if isinstance(examples, list) else ()), schema.get("default")]
    return [value for value in (*named, *column.choices) if value not in (None, "")]


def _json(column: Column, part: KeyPart | None) -> JSON:
    if part and part.inside:
        return {part.inside: _TEXT}
    types = column.schema.get("type")
    properties = column.schema.get("properties")
    if isinstance(properties, dict) and "default" in properties:
        return {"default": _TEXT}
    return [] if "array" in (types if isinstance(types, list) else [types]) else {}


def _scalar(column: Column) -> JSON:
    kind = column.type.item or column.type
    if kind.free:
        text = _CODES.get(column.code or "", _TEXT)
    else:
        text = kind.expects.partition(" such as ")[2].partition(" or ")[0].strip("'") or "true"
    value = _within(column, kind.read(text))
    return [value] * _least(column) if column.type.item else value


def _within(column: Column, value: JSON) -> JSON:
    least, most = column.schema.get("minimum"), column.schema.get("maximum")
    if isinstance(value, int | float) and isinstance(most, int | float) and value > most:
        return most
    if isinstance(value, int | float) and isinstance(least, int | float) and value < least:
        return least
    return value


def _least(column: Column) -> int:
    least = column.schema.get("minItems")
    return least if isinstance(least, int) else 1
