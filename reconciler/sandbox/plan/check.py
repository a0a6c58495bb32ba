"""Names that do not exist, refused as PostgreSQL refuses them, and in the order it finds them."""

from collections.abc import Collection, Iterable

from ..query import Field, Order
from ..ranges import ALL
from ..refusal import Refusal, missing_column
from ..words import column_hint
from .read import Child, Read, fields_of, tests_embedded
from .write import Write


def check_read(read: Read, columns: Collection[str] | None = None, *, counted: bool) -> None:
    """Check all names of a tree; ``columns`` are those that a write gave back."""
    for child in read.children:
        check_read(child.read, counted=counted and child.join == "inner")
    known = read.table.columns if columns is None or "*" in columns else columns
    _check(read.label, known, (one.field for one in read.shown if not read.counts(one.field)))
    _check(read.label, known, fields_of(read.where))
    _check_orders(read, known)
    if counted:
        for name in tests_embedded(read.where):
            # The count is a query of its own, in which nothing is embedded: a fault of 11.1.
            name = f"{read.table.name}_{name}_{_depth(read) + 1}"
            raise Refusal(400, "42703", f'column "{name}" does not exist')


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
        if field.name != "*" and field.name not in known:
            raise missing_column(name, field.name, column_hint(field.name, name, known))


def _check_orders(read: Read, known: Collection[str]) -> None:
    for term in read.order:
        child = read.child(term.relation) if term.relation else None
        if child is None:
            _check(read.label, known, (term.field,))
        else:
            _check_related(read, child, term)


def _check_related(read: Read, child: Child, term: Order) -> None:
    shown = output_names(child.read)
    if term.field.name not in shown:
        table = f"{read.table.name}_{child.key}_{_depth(child.read)}"
        raise missing_column(table, term.field.name, column_hint(term.field.name, table, shown))


def output_names(read: Read) -> tuple[str, ...]:
    """List the names under which a read shows what it reads."""
    names: list[str] = []
    for item in read.shown:
        if item.field.name == "*":
            names += read.table.columns
        else:
            names.append(shown_name(item.alias, item.field))
    for child in read.children:
        if child.spread:
            names += output_names(child.read)
        elif not child.is_hidden:
            names.append(child.key)
    return tuple(names)


def shown_name(alias: str | None, field: Field) -> str:
    """Choose the name of a field: its own, or the last key inside it."""
    if alias is not None:
        return alias
    keys = [step.key for step in field.steps if not step.is_index]
    return keys[-1] if keys else field.name


def _depth(read: Read) -> int:
    number = read.label.removeprefix(read.table.name).removeprefix("_")
    return int(number) if number else 0
