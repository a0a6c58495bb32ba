"""Rows as they should be: every column that was asked for, each with a value of its type.

What is otherwise is never bent nor taken for null: the row is odd, and says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..values.canonical import canonical
from ..values.column import Column
from ..values.distinct import distinct
from ..values.sent import Row
from ..values.types import ColumnType
from .cells import Beyond, RawRow

_USUAL_MOMENT = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?\+00:00"
)
_COUNTED = frozenset({str, int, float})
_NAMES = {
    dict: "an object", list: "a list", str: "a text", bool: "true or false",
    int: "a number", float: "a number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that is not as it should be: ``row`` are its good columns, ``reasons`` say of the rest.

    No reason holds a value.
    """

    kind: str
    id: str
    row: Row
    reasons: Mapping[str, str]

    def __str__(self) -> str:
        """Say which row, and what is odd in it."""
        return f"{self.kind}[{self.id}]: " + "; ".join(self.reasons.values())


def sort_out(
    kind: Kind, columns: Sequence[str], rows: Sequence[RawRow]
) -> tuple[list[Row], list[OddRow]]:
    """Part the rows of an answer: those that are as they should be, and the odd ones.

    ``columns`` of ``("*",)`` ask for what there is; without some a row cannot be used even then.
    """
    wanted = tuple(_needed(kind) if "*" in columns else columns)
    if _all_usual(kind, wanted, rows):
        return [*map(_known, rows)], []
    good: list[Row] = []
    odd: list[OddRow] = []
    given = (kind.columns[name] for name in (rows[0] if rows else ()) if name in kind.columns)
    usual = {column.name: column.type.every for column in given if column.type.every}
    for row in rows:
        reasons = dict(_reasons(kind, wanted, row, usual))
        if reasons:
            rest = {n: v for n, v in row.items() if n not in reasons}
            odd.append(OddRow(kind.name, str(row[kind.id_column]), _known(rest), reasons))
        else:
            good.append(_known(row))
    return good, odd


def _all_usual(kind: Kind, wanted: Sequence[str], rows: Sequence[RawRow]) -> bool:
    """Tell at first sight, column by column, that rows are well: nearly all pages are."""
    names = tuple(rows[0]) if rows else ()
    lacking = {name for name in wanted if name in kind.columns}.difference(names)
    if not names or lacking or any(len(row) != len(names) for row in rows):
        return False
    try:
        return all(_is_usual(kind.columns.get(n), [row[n] for row in rows]) for n in names)
    except KeyError:
        return False


def _is_usual(column: Column | None, values: Sequence[object]) -> bool:
    types = {*map(type, values)} - {type(None)}
    every = column.type.every if column else object
    if every:
        return types <= {every} if every is not object else Beyond not in types
    if column is None or not types <= _COUNTED:
        return False
    return all(value is None or _is_one(column.type, value) for value in distinct(values))


def _needed(kind: Kind) -> Iterator[str]:
    """Name what locks and recognises a row."""
    yield from kind.primary_key
    yield from (name for name in (kind.version, kind.soft_delete) if name)
    yield from (part.column for key in kind.natural_keys for part in key)
    yield from (column.name for column in kind.lock_columns)


def _reasons(
    kind: Kind,
    wanted: Sequence[str],
    row: RawRow,
    usual: Mapping[str, type[object]],
) -> Iterator[tuple[str, str]]:
    for name in wanted:
        if name not in row and name in kind.columns:
            yield name, f"the answer lacks {name}"
    for name, value in row.items():
        if value is None or usual.get(name) is type(value):
            continue  # nearly all: there are many values
        if isinstance(value, Beyond):
            yield name, f"{name} holds {value.what}"
        elif (column := kind.columns.get(name)) and not _is_one(column.type, value):
            yield name, f"{name} is {_found(value)}, not {column.type.noun}"


def _found(value: object) -> str:
    return _NAMES.get(type(value), "a number") if not isinstance(value, str) else "another text"


def _known(row: RawRow) -> Row:
    return row  # type: ignore[return-value]  # all of it is JSON once nothing is beyond


def _is_one(column_type: ColumnType, value: object) -> bool:
    """Tell whether a value is one of a type."""
    if column_type.every:
        return isinstance(value, column_type.every)
    if column_type.form == "moment" and isinstance(value, str) and _USUAL_MOMENT.fullmatch(value):
        return True
    try:
        canonical(value, column_type)  # type: ignore[arg-type]  # JSON, as nothing is beyond
    except ValueError:
        return False
    return True
