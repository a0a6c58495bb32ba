"""Another value for a column of any type, as SQL: what somebody else might have written there."""

# ruff: noqa: S608 - names come from the schemas, values are this project's own

from collections.abc import Mapping

from ..schema import Column, Reference, Table
from ..sql import name_of
from ..tables import identifier

_WORDS = "'edited elsewhere ' || clock_timestamp()::text"
_NUMBER = "coalesce({c}, 0)::numeric % 1000 + 1"
_BY_FORM: Mapping[str, str] = {
    "text": _WORDS,
    "boolean": "not coalesce({c}, false)",
    "integer": _NUMBER,
    "real": _NUMBER,
    "date": "case when isfinite({c}) then {c} + 1 else current_date end",
    "time": "case {c} when '12:34' then time '12:35' else time '12:34' end",
    "moment": "case when isfinite({c}) then {c} + interval '1 day' else now() end",
    "id": "gen_random_uuid()",
    "json": f"case jsonb_typeof({{c}}) when 'array' then {{c}} || jsonb_build_array({_WORDS})"
    f" when 'object' then {{c}} || jsonb_build_object('default', {_WORDS})"
    f" else jsonb_build_object('default', {_WORDS}) end",
    "range": "daterange(coalesce(lower({c}), current_date),"
    " greatest(coalesce(upper({c}), current_date), coalesce(lower({c}), current_date)) + 1)",
    "ranges": "{c} + datemultirange(daterange("
    "coalesce(upper({c}), current_date) + 1, coalesce(upper({c}), current_date) + 2))",
    "search": f"to_tsvector('simple', {_WORDS})",
}
_LISTS: Mapping[str, str] = {
    "text": f"array_append(coalesce({{c}}, '{{{{}}}}'), {_WORDS})",
    "boolean": "coalesce(nullif(array(select not coalesce(v, false) from unnest({c}) v), '{{}}'),"
    " array_fill(true, array[7]))",
}
"""By the form of the items."""


def other_value(table: Table, column: Column) -> str:
    """Write an expression that differs from what the column holds, where anything else may stand.

    A reference gets another row of its kind; where there is none it stays.
    """
    name = f"{name_of(table)}.{identifier(column.name)}"
    reference = next((one for one in table.references if one.column == column.name), None)
    if reference is not None:
        return _other_row(reference, name)
    if column.values and column.type.form == "text":  # only there the database checks them
        choices = ", ".join(_quoted(value) for value in column.values)
        known = f"array[{choices}]::text[]"
        place = f"coalesce(array_position({known}, {name}::text), 0)"
        return f"(({known})[1 + {place} % {len(column.values)}])::{column.type}"
    item = column.type.item
    pattern = _LISTS[item.form] if item else _BY_FORM[column.type.form]
    return f"({pattern.format(c=name)})::{column.type}"


def _other_row(reference: Reference, name: str) -> str:
    target = identifier(reference.target)
    key = identifier(reference.target_column)
    other = f"select o.{key} from {target} o where o.{key} is distinct from {name} limit 1"
    return f"coalesce(({other}), {name})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
