"""The select of a tree: a table, and a lateral join for each embedded kind."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from ..plan.check import output_names
from ..plan.read import Child, Read
from ..query import Embedded, Order, SelectField
from ..ranges import ALL, Range
from ..relations import Junction, Relation
from ..schema import load_tables
from ..tables import cut, identifier
from .casts import cast_type
from .conditions import combined, condition_of, field_of, inside
from .shape import Output, Outputs, list_of, object_of
from .statement import Parameters, name_of

_FOUND = "pgrst_found"
_LIST = "pgrst_list"


def outputs_of(read: Read) -> Outputs:
    """List what a read shows. Its own names are used where the request gives no others."""
    named, keys = is_as_named(read), output_names(read)
    columns = map(identifier, keys) if named else (f"pgrst_c{n}" for n in range(1, len(keys) + 1))
    return Outputs(tuple(map(Output, keys, columns)), named)


def is_as_named(read: Read) -> bool:
    """Tell whether all names of a row come from the schemas, each once."""
    fields = all(item.alias is None and not item.field.steps for item in read.shown)
    children = (
        child.is_hidden or (is_as_named(child.read) if child.spread else child.alias is None)
        for child in read.children
    )
    keys = output_names(read)
    return fields and all(children) and len(set(keys)) == len(keys)


def select_of(read: Read, source: str, values: Parameters, within: "Within | None" = None) -> str:
    """Write the select of a read; ``source`` is what follows ``from``."""
    name = identifier(read.label)
    joins = "".join(_join(read, child, values) for child in read.children)
    items = _items(read, values)
    conditions = [
        condition_of(name, one, values, lambda found: _found(read, found)) for one in read.where
    ]
    if within is not None:
        source, conditions = source + within.source, conditions + within.conditions
        items = items if outputs_of(read).as_named else [*items, f"true as {_FOUND}"]
    order = _order(read, values)
    text = f"select {', '.join(items)} from {source}{joins}{combined(conditions)}"
    return text + order + window_of(read.window, values)


class Within:
    """What ties an embedded read to the row around it: a junction, and what must be equal."""

    def __init__(self, outer: str, child: Child) -> None:
        relation = child.relation
        inner = identifier(child.read.label)
        junction = relation.junction
        if junction is None:
            self.source = ""
            self.conditions = [_equal(inner, relation.target_column, outer, relation.column)]
        else:
            between = f"pgrst_j{child.number}"
            table = name_of(load_tables()[junction.table])
            self.source = f", {table} {between}"
            self.conditions = _through(junction, relation, inner, between, outer)


def child_source(child: Child) -> str:
    """Write what an embedded read reads from."""
    return f"{name_of(child.read.table)} as {identifier(child.read.label)}"


def window_of(window: Range, values: Parameters) -> str:
    """Write limit and offset."""
    if window == ALL:
        return ""
    limit = "" if window.limit is None else f" limit {values.add(str(window.limit))}"
    return limit + (f" offset {values.add(str(window.lower))}" if window.lower else "")


# --- the parts ------------------------------------------------------------------------------


def _items(read: Read, values: Parameters) -> list[str]:
    named, name = is_as_named(read), identifier(read.label)
    items: list[str] = []
    for item in read.shown:
        if item.field.name == "*" and not named:
            items += (f"{name}.{identifier(column)}" for column in read.table.columns)
        elif item.field.name == "*":
            items.append(f"{name}.*")
        else:
            items.append(_item(read, item, values, named=named))
    for child in read.children:
        items += _child_items(child, values, named=named)
    if named:
        return items
    return [f"{item} as pgrst_c{number}" for number, item in enumerate(items, 1)]


def _item(read: Read, item: SelectField, values: Parameters, *, named: bool) -> str:
    name = identifier(read.label)
    field = f"count({name}.*)" if read.counts(item.field) else field_of(name, item.field, values)
    if item.cast is None:
        return field
    cast = f"cast({field} as {cast_type(item.cast)})"
    return f"{cast} as {identifier(item.field.name)}" if named else cast


def _child_items(child: Child, values: Parameters, *, named: bool) -> list[str]:
    if child.is_hidden:
        return []
    alias, outputs = _alias(child), outputs_of(child.read)
    if child.spread and named:
        return [f"{alias}.*"]
    if child.spread:
        return [f"{alias}.{output.column}" for output in outputs.values]
    value = _value(child, alias, outputs, values)
    return [f"{value} as {identifier(child.name)}" if named else value]


def _value(child: Child, alias: str, outputs: Outputs, values: Parameters) -> str:
    if not child.relation.is_to_one:
        return f"coalesce({alias}.{_LIST}, '[]')"
    if outputs.as_named:
        return f"row_to_json({alias}.*)"
    return f"case when {alias}.{_FOUND} then ({object_of(alias, outputs, values)})::json end"


def _join(read: Read, child: Child, values: Parameters) -> str:
    alias, inner = _alias(child), child.join == "inner"
    within = Within(identifier(read.label), child)
    rows = select_of(child.read, child_source(child), values, within)
    condition = "true"
    if not child.relation.is_to_one:
        listed = list_of("pgrst_row", outputs_of(child.read), values)
        rows = f"select {listed} as {_LIST} from ({rows}) pgrst_row"
        condition = f"{alias}.{_LIST} is not null" if inner else "true"
    kind = "inner" if inner else "left"
    return f" {kind} join lateral ({rows}) {alias} on {condition}"


def _alias(child: Child) -> str:
    return f"pgrst_e{child.number}"


def _equal(one: str, column: str, other: str, other_column: str) -> str:
    return f"{one}.{identifier(column)} = {other}.{identifier(other_column)}"


def _through(
    junction: Junction, relation: Relation, inner: str, between: str, outer: str
) -> list[str]:
    return [
        _equal(inner, relation.target_column, between, junction.far.column),
        _equal(outer, relation.column, between, junction.near.column),
    ]


def _found(read: Read, condition: Embedded) -> str:
    """Test whether an embedded kind was found: a row none of whose values is null, so 11.1."""
    child = read.child(condition.name)
    assert child is not None, "the planner found it"
    alias, outputs = _alias(child), outputs_of(child.read)
    word = "is not null" if condition.negated else "is null"
    if not child.relation.is_to_one:
        return f"{alias}.{_LIST} {word}"
    if outputs.as_named:
        return f"{alias} {word}"
    return f"row({', '.join(f'{alias}.{output.column}' for output in outputs.values)}) {word}"


def _order(read: Read, values: Parameters) -> str:
    if not read.order:
        return ""
    return " order by " + ", ".join(order_term(read, term, values) for term in read.order)


def order_term(read: Read, term: Order, values: Parameters) -> str:
    """Write one term of an order; one of an embedded kind is among what that shows."""
    child = read.child(term.relation) if term.relation else None
    if child is None:
        words = [field_of(identifier(read.label), term.field, values)]
    else:
        outputs = outputs_of(child.read).values
        column = next(output.column for output in outputs if output.key == cut(term.field.name))
        words = [inside(f"{_alias(child)}.{column}", term.field.steps, values)]
    if term.direction:
        words.append(term.direction)
    if term.nulls:
        words.append("nulls first" if term.nulls == "nullsfirst" else "nulls last")
    return " ".join(words)
