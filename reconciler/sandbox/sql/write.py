"""Statements that write, each of which may answer the rows it touched."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from ..plan.read import Read
from ..plan.write import Write
from ..query import Order
from ..ranges import ALL
from ..schema import Column
from ..tables import identifier
from .conditions import combined, condition_of, field_of, where
from .select import outputs_of, select_of, window_of
from .shape import ROWS, Outputs, Shape, body_of
from .statement import SOURCE, Parameters, Statement, name_of

_BODY = "pgrst_body"
_CHOSEN = "pgrst_affected_rows"


def insert_statement(write: Write, read: Read, shape: Shape, *, locate: bool) -> Statement:
    """Write an insert of one JSON object or an array of them."""
    values = Parameters()
    name, columns = name_of(write.table), write.columns
    listed = f" ({_listed(columns)})" if columns else ""
    given = ", ".join(f"{_BODY}.{identifier(column)}" for column in columns)
    # For PUT: what the body says must be what the address says.
    conditions = [condition_of(_BODY, one, values) for one in write.where]
    written = (
        f"insert into {name}{listed} select {given} {_from_body(write, values)}"
        f"{combined(conditions)}{_on_conflict(write)}"
    )
    key = write.table.primary_key if locate else ()
    return _written(written + _returning(name, write), write, read, shape, values, key=key)


def update_statement(write: Write, read: Read, shape: Shape) -> Statement:
    """Write an update of all rows that meet the conditions; without columns it changes none."""
    values = Parameters()
    name = name_of(write.table)
    if not write.columns:
        nothing = f"select {', '.join(_returned(name, write)) or 'null'} from {name} where false"
        return _written(nothing, write, read, shape, values)
    changes = ", ".join(f"{identifier(c)} = {_BODY}.{identifier(c)}" for c in write.columns)
    if write.window == ALL:
        source = _from_body(write, values)
        written = f"update {name} set {changes} {source}{where(name, write.where, values)}"
    else:
        body = f"select {_BODY}.* {_from_body(write, values, only_one=True)}"
        changes = ", ".join(
            f"{identifier(c)} = (select {identifier(c)} from pgrst_update_body)"
            for c in write.columns
        )
        chosen, tied = _chosen(name, write, values)
        written = (
            f"with pgrst_update_body as ({body}), {chosen}"
            f" update {name} set {changes} from {_CHOSEN} where {tied}"
        )
    return _written(written + _returning(name, write), write, read, shape, values)


def delete_statement(write: Write, read: Read, shape: Shape) -> Statement:
    """Write a delete of all rows that meet the conditions."""
    values = Parameters()
    name = name_of(write.table)
    if write.window == ALL:
        written = f"delete from {name}{where(name, write.where, values)}"
    else:
        chosen, tied = _chosen(name, write, values)
        written = f"with {chosen} delete from {name} using {_CHOSEN} where {tied}"
    return _written(written + _returning(name, write), write, read, shape, values)


# --- the parts ------------------------------------------------------------------------------


def _written(
    written: str,
    write: Write,
    read: Read,
    shape: Shape,
    values: Parameters,
    *,
    key: tuple[str, ...] = (),
) -> Statement:
    rows, outputs = f"select * from {SOURCE}", Outputs((), True)
    if shape != "none":
        rows = select_of(read, f"{SOURCE} as {identifier(read.label)}", values)
        outputs = outputs_of(read)
    header = write.table.columns if "*" in write.returned else write.returned
    body = body_of(shape, outputs, tuple(header), values)
    return values.statement(
        f"with {SOURCE} as ({written})"
        f" select null::bigint, count({ROWS}), {_location(key)}, {body} from ({rows}) {ROWS}"
    )


def _returned(name: str, write: Write) -> list[str]:
    return [f"{name}.{'*' if one == '*' else identifier(one)}" for one in write.returned]


def _returning(name: str, write: Write) -> str:
    return f" returning {', '.join(_returned(name, write)) or '1'}"


def _location(key: tuple[str, ...]) -> str:
    if not key:
        return "null::text"
    parts = ", ".join(
        f"'{column}', coalesce('eq.' || {identifier(column)}::text, 'is.null')" for column in key
    )
    one = f"select json_build_object({parts})::text from {SOURCE}"
    return f"case when count({ROWS}) = 1 then ({one} limit 1) end"


def _on_conflict(write: Write) -> str:
    if write.resolution is None or not write.conflict:
        return ""
    changes = ", ".join(f"{identifier(c)} = excluded.{identifier(c)}" for c in write.columns)
    merges = write.resolution == "merge-duplicates" and changes
    action = f"update set {changes}" if merges else "nothing"
    return f" on conflict ({_listed(write.conflict)}) do {action}"


def _chosen(name: str, write: Write, values: Parameters) -> tuple[str, str]:
    """Choose some rows by an order whose columns, so PostgREST trusts, name a row."""
    columns = [identifier(term.field.name) for term in write.order]
    order = ", ".join(_term(name, term, values) for term in write.order)
    rows = (
        f"select {', '.join(f'{name}.{column}' for column in columns)} from {name}"
        f"{where(name, write.where, values)} order by {order}{window_of(write.window, values)}"
    )
    tied = " and ".join(f"{name}.{column} = {_CHOSEN}.{column}" for column in columns)
    return f"{_CHOSEN} as ({rows})", tied


def _term(name: str, term: Order, values: Parameters) -> str:
    nulls = {"nullsfirst": " nulls first", "nullslast": " nulls last", None: ""}[term.nulls]
    return f"{field_of(name, term.field, values)} {term.direction or ''}{nulls}"


def _from_body(write: Write, values: Parameters, *, only_one: bool = False) -> str:
    """Read the JSON body as rows; where ``defaults`` are wanted, they fill what is missing."""
    kind = "jsonb" if write.defaults else "json"
    given = f"(select {values.add(write.body)}::{kind} as json_data) pgrst_payload"
    rows = (
        f"lateral (select case when {kind}_typeof(pgrst_payload.json_data) = 'array' then"
        f" pgrst_payload.json_data else {kind}_build_array(pgrst_payload.json_data) end as val)"
        " pgrst_uniform_json"
    )
    final = "pgrst_uniform_json.val"
    if write.defaults:
        filled = ", ".join(filter(None, (_default(write.table.columns[c]) for c in write.columns)))
        rows += (
            f", lateral (select jsonb_agg(jsonb_build_object({filled}) || elem) as val"
            f" from jsonb_array_elements({final}) elem) pgrst_json_defs"
        )
        final = "pgrst_json_defs.val"
    if not write.columns:
        return f"from {given}, {rows}, lateral {kind}_array_elements({final}) {_BODY}"
    typed = ", ".join(f"{identifier(c)} {write.table.columns[c].type}" for c in write.columns)
    limit = " limit 1" if only_one else ""
    read = f"select * from {kind}_to_recordset({final}) as _({typed}){limit}"
    return f"from {given}, {rows}, lateral ({read}) {_BODY}"


def _default(column: Column) -> str | None:
    if column.default is None:
        return None
    return f"'{column.name}', cast({column.default} as {column.type})"


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(map(identifier, columns))
