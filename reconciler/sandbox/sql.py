"""From a plan to one SQL statement.

Names come from the schemas, values go as parameters: no text of a request becomes SQL. All
parameters are sent without a type, so that PostgreSQL reads each as what stands beside it.
"""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from dataclasses import dataclass
from typing import Literal

from .plan import SOURCE, Read, returned_columns
from .query import (
    Compare,
    Condition,
    Field,
    Filter,
    In,
    Is,
    IsDistinct,
    Operation,
    Order,
    Search,
    SelectField,
    Window,
)
from .schema import Table
from .tables import identifier

Shape = Literal["list", "object", "csv", "none"]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with ``$1``… and what stands for them. It gives one row: total, rows, location, body."""

    text: str
    values: tuple[str, ...]


class Parameters:
    """Collects values while a statement is written."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def add(self, value: str) -> str:
        """Take a value and give its placeholder."""
        self._values.append(value)
        return f"${len(self._values)}"

    def statement(self, text: str) -> Statement:
        """Finish: the text and the values belong together."""
        return Statement(text, tuple(self._values))


def read_statement(schema: str, read: Read, shape: Shape, *, count: bool) -> Statement:
    """Write a list, and the count of all its rows beside it if that is asked for."""
    values = Parameters()
    name = qualified(schema, read.table)
    rows = _select(name, read, values)
    total, counted = "null::bigint", ""
    if count:
        counted = f", pgrst_source_count as (select 1 from {name}{where(name, read.where, values)})"
        total = "(select count(*) from pgrst_source_count)"
    return values.statement(
        f"with {SOURCE} as ({rows}){counted}"
        f" select {total}, count(_postgrest_t), null::text, {_body(shape)}"
        f" from (select * from {SOURCE}) _postgrest_t"
    )


def insert_statement(
    schema: str, read: Read, columns: tuple[str, ...], body: str, shape: Shape, *, locate: bool
) -> Statement:
    """Write an insert of one JSON object or an array of them."""
    values = Parameters()
    table = read.table
    listed = ", ".join(map(identifier, columns))
    given = ", ".join(f"pgrst_body.{identifier(column)}" for column in columns)
    name = qualified(schema, table)
    into = f"insert into {name}{f' ({listed})' if columns else ''}"
    key = table.primary_key if locate else ()
    written = f"{into} select {given} {_from_json(table, columns, body, values)}"
    return _written(written, read, shape, values, key=key, returns=name)


def update_statement(
    schema: str,
    read: Read,
    columns: tuple[str, ...],
    body: str,
    conditions: tuple[Condition, ...],
    shape: Shape,
) -> Statement:
    """Write an update of all rows that meet the conditions; without columns it changes none."""
    values = Parameters()
    table, name = read.table, qualified(schema, read.table)
    if not columns:
        return _written(f"select * from {name} where false", read, shape, values, returns=None)
    changes = ", ".join(f"{identifier(c)} = pgrst_body.{identifier(c)}" for c in columns)
    source = _from_json(table, columns, body, values)
    written = f"update {name} set {changes} {source}{where(name, conditions, values)}"
    return _written(written, read, shape, values, returns=name)


def delete_statement(
    schema: str, read: Read, conditions: tuple[Condition, ...], shape: Shape
) -> Statement:
    """Write a delete of all rows that meet the conditions."""
    values = Parameters()
    name = qualified(schema, read.table)
    written = f"delete from {name}{where(name, conditions, values)}"
    return _written(written, read, shape, values, returns=name)


def qualified(schema: str, table: Table) -> str:
    """Write a table's name with its schema."""
    return f"{identifier(schema)}.{identifier(table.name)}"


def where(name: str, conditions: tuple[Condition, ...], values: Parameters) -> str:
    """Write conditions on the rows of ``name``, all of which must hold."""
    if not conditions:
        return ""
    return " where " + " and ".join(_condition(name, one, values) for one in conditions)


# --- the parts ------------------------------------------------------------------------------


def _select(name: str, read: Read, values: Parameters) -> str:
    items = ", ".join(_item(name, item, values) for item in read.select) or f"{name}.*"
    conditions = where(name, read.where, values)
    order = _order(name, read.order, values)
    return f"select {items} from {name}{conditions}{order}{_window(read.window, values)}"


def _written(
    written: str,
    read: Read,
    shape: Shape,
    values: Parameters,
    *,
    key: tuple[str, ...] = (),
    returns: str | None,
) -> Statement:
    """Wrap a write. ``returns`` is the name whose columns it can return."""
    source = f"select * from {SOURCE}"
    returned: tuple[str, ...] = ("*",) if key else ()
    if shape != "none":
        source = _select(identifier(SOURCE), read, values)
        returned = returned_columns(read)
    names = (f"{returns}.{'*' if one == '*' else identifier(one)}" for one in returned)
    returning = f" returning {', '.join(names) or '1'}" if returns else ""
    return values.statement(
        f"with {SOURCE} as ({written}{returning})"
        f" select null::bigint, count(_postgrest_t), {_location(key)}, {_body(shape)}"
        f" from ({source}) _postgrest_t"
    )


def _location(key: tuple[str, ...]) -> str:
    if not key:
        return "null::text"
    parts = ", ".join(
        f"'{column}', coalesce('eq.' || {identifier(column)}::text, 'is.null')" for column in key
    )
    one = f"select json_build_object({parts})::text from {SOURCE}"
    return f"case when count(_postgrest_t) = 1 then ({one} limit 1) end"


def _body(shape: Shape) -> str:
    if shape == "none":
        return "''"
    if shape == "object":
        return "coalesce((json_agg(_postgrest_t)->0)::text, 'null')"
    return "coalesce(json_agg(_postgrest_t)::text, '[]')"


def _from_json(table: Table, columns: tuple[str, ...], body: str, values: Parameters) -> str:
    given = f"(select {values.add(body)}::json as json_data) pgrst_payload"
    rows = (
        "lateral (select case when json_typeof(pgrst_payload.json_data) = 'array'"
        " then pgrst_payload.json_data else json_build_array(pgrst_payload.json_data) end as val)"
        " pgrst_uniform_json"
    )
    if not columns:
        return (
            f"from {given}, {rows}, lateral json_array_elements(pgrst_uniform_json.val) pgrst_body"
        )
    typed = ", ".join(f"{identifier(c)} {table.columns[c].type}" for c in columns)
    read = f"json_to_recordset(pgrst_uniform_json.val) as _({typed})"
    return f"from {given}, {rows}, lateral (select * from {read}) pgrst_body"


def _item(name: str, item: SelectField, values: Parameters) -> str:
    if item.field.name == "*":
        return f"{name}.*"
    return _field(name, item.field, values)


def _field(name: str, field: Field, values: Parameters) -> str:
    column = f"{name}.{identifier(field.name)}"
    if not field.steps:
        return column
    steps = "".join(
        step.arrow + values.add(step.key) + ("::int" if step.is_index else "")
        for step in field.steps
    )
    return f"to_jsonb({column}){steps}"


def _condition(name: str, condition: Condition, values: Parameters) -> str:
    negation = "not " if condition.negated else ""
    if isinstance(condition, Filter):
        field = _field(name, condition.field, values)
        return f"{negation}{field} {_operation(condition.operation, values)}"
    parts = [_condition(name, child, values) for child in condition.children]
    return f"{negation}({f' {condition.operator} '.join(parts)})"


def _operation(operation: Operation, values: Parameters) -> str:
    match operation:
        case Compare(operator, value, quantifier):
            text = value.replace("*", "%") if operator in {"like", "ilike"} else value
            placeholder = values.add(text)
            operand = f"{quantifier}({placeholder})" if quantifier else placeholder
            return f"{_OPERATORS[operator]} {operand}"
        case Is(value):
            return f"is {value}"
        case In(("",)):
            return "= any ('{}')"
        case In(items):
            return f"= any ({values.add(array_literal(items))})"
        case IsDistinct(value):
            return f"is distinct from {values.add(value)}"
        case Search(operator, language, value):
            given = [values.add(one) for one in (language, value) if one is not None]
            return f"@@ {_SEARCHES[operator]}({', '.join(given)})"


def array_literal(items: tuple[str, ...]) -> str:
    """Write texts as PostgreSQL's array literal."""
    escaped = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in escaped) + "}"


def _order(name: str, terms: tuple[Order, ...], values: Parameters) -> str:
    if not terms:
        return ""
    return " order by " + ", ".join(_term(name, term, values) for term in terms)


def _term(name: str, term: Order, values: Parameters) -> str:
    words = [_field(name, term.field, values)]
    if term.direction:
        words.append(term.direction)
    if term.nulls:
        words.append("nulls first" if term.nulls == "nullsfirst" else "nulls last")
    return " ".join(words)


def _window(window: Window, values: Parameters) -> str:
    limit = "" if window.limit is None else f" limit {values.add(str(window.limit))}"
    return limit + (f" offset {values.add(str(window.offset))}" if window.offset else "")


_OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
_SEARCHES = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}
