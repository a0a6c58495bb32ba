"""Names that do not exist, refused as PostgreSQL refuses them, and in the order it finds them."""

from collections.abc import Collection, Iterable

from ..query import Field, Order
from ..ranges import ALL
from ..refusal import Refusal, missing_column
from ..tables import cut
from ..words import column_hint
from .read import Child, Read, fields_of, tests_embedded
from .write import Write


def check_read(read: Read, columns: Collection[str] | None = None) -> None:
    """Check all names of a tree; ``columns`` are those that a write gave back."""
    for number, child in enumerate(read.children):
        check_read(child.read)
        for before in read.children[:number]:
            if before.internal == child.internal:
                raise _joined_twice(before, child)
    known = read.table.columns if columns is None or "*" in columns else columns
    _check(read.label, known, (one.field for one in read.shown if not read.counts(one.field)))
    _check(read.label, known, fields_of(read.where))
    _check_orders(read, known)


def check_counted(read: Read) -> None:
    """Check the names that a count asks about.

    It is a query of its own, in which nothing is embedded, so that a test for something embedded
    finds no such column: a fault of PostgREST 11.1.
    """
    for name in tests_embedded(read.where):
        tested = read.child(name)
        assert tested is not None, "the planner found it"
        raise Refusal(400, "42703", f'column "{tested.internal}" does not exist')
    for child in read.children:
        if child.join == "inner":
            check_counted(child.read)


def _joined_twice(before: Child, child: Child) -> Refusal:
    """Refuse a second kind of one name; a list's name is the column of the list before it, too."""
    if before.relation.is_to_one or child.relation.is_to_one:
        message = f'table name "{child.internal}" specified more than once'
        return Refusal(400, "42712", message)
    message = "aggregate functions are not allowed in FROM clause of their own query level"
    return Refusal(400, "42803", message)


def check_single_column(read: Read, media: str) -> None:
    """Check that one column alone is read, to be answered as it is."""
    names = [item.field.name for item in read.fields if not item.field.steps]
    if len(read.fields) != 1 or names in ([], ["*"]) or read.children:
        message = f"{media} requested but more than one column was selected"
        raise Refusal(406, "PGRST113", message)


def check_own_name(read: Read) -> None:
    """Check that the one column keeps its name: PostgREST 11.1 does not find a renamed one."""
    [item] = read.fields
    name, shown = item.field.name, shown_name(item.alias, item.field)
    if shown != name:
        raise missing_column("_postgrest_t", name, column_hint(name, "_postgrest_t", [shown]))


def check_conditions(write: Write) -> None:
    """Check the names in the conditions and the order of an update or delete."""
    name, known = write.table.name, write.table.columns
    _check(name, known, fields_of(write.where))
    _check(name, known, (term.field for term in write.order) if write.window != ALL else ())
    for column in write.conflict if write.resolution else ():
        if column not in known:
            message = f'column "{column}" does not exist'
            raise Refusal(400, "42703", message, hint=column_hint(column, name, known))


def check_returned(write: Write) -> None:
    """Check the names of what a write gives back."""
    _check(write.table.name, write.table.columns, map(Field, write.returned))


def _check(name: str, known: Collection[str], fields: Iterable[Field]) -> None:
    for field in fields:
        column = cut(field.name)
        if column != "*" and column not in known:
            raise missing_column(name, column, column_hint(column, name, known))


def _check_orders(read: Read, known: Collection[str]) -> None:
    for term in read.order:
        child = read.child(term.relation) if term.relation else None
        if child is None:
            _check(read.label, known, (term.field,))
        else:
            _check_related(child, term)


def _check_related(child: Child, term: Order) -> None:
    shown, name, table = output_names(child.read), cut(term.field.name), child.internal
    if name not in shown:
        raise missing_column(table, name, column_hint(name, table, shown))
    if shown.count(name) > 1:
        raise Refusal(400, "42702", f'column reference "{name}" is ambiguous')


def output_names(read: Read) -> tuple[str, ...]:
    """List the names under which a read shows what it reads."""
    names: list[str] = []
    for item in read.shown:
        if item.field.name == "*":
            names += read.table.columns
        else:
            names.append(shown_name(item.alias, item.field))
    for child in read.children:
        if child.is_hidden:
            continue
        names += output_names(child.read) if child.spread else [cut(child.key)]
    return tuple(names)


def shown_name(alias: str | None, field: Field) -> str:
    """Choose the name of a field: its own, or the last key inside it."""
    if alias is not None:
        return cut(alias)
    keys = [step.key for step in field.steps if not step.is_index]
    return cut(keys[-1]) if keys else field.name
