"""Rows as they should be: every column that was asked for, each with a value of its type.

What is otherwise is never bent nor taken for null: the row is odd, and says so.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..catalogue import Kind
from ..values.canonical import canonical
from ..values.column import Column, ColumnType
from ..values.sent import Row
from .cells import Beyond, RawRow

_USUAL_MOMENT = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?\+00:00"
)
_NAMES = {
    dict: "an object", list: "a list", str: "a text", bool: "true or false",
    int: "a number", float: "a number",
}  # fmt: skip
_TYPES: Mapping[ColumnType, str] = {
    "text": "a text", "uuid": "an id", "tsvector": "a text", "boolean": "true or false",
    "smallint": "a whole number", "integer": "a whole number", "bigint": "a whole number",
    "real": "a number", "date": "a date", "time": "a time of day", "timestamptz": "a moment",
    "daterange": "a range of dates", "datemultirange": "ranges of dates", "jsonb": "JSON",
    "text[]": "a list of texts", "boolean[]": "a list of true and false",
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
    good: list[Row] = []
    odd: list[OddRow] = []
    checks = {name: _CHECKS.get(c.type, _has_form) for name, c in kind.columns.items()}
    usual = {name: _USUAL[c.type] for name, c in kind.columns.items() if c.type in _USUAL}
    for row in rows:
        reasons = dict(_reasons(kind, wanted, row, checks, usual))
        if reasons:
            rest = {n: v for n, v in row.items() if n not in reasons}
            odd.append(OddRow(kind.name, str(row[kind.id_column]), _known(rest), reasons))
        else:
            good.append(_known(row))
    return good, odd


def _needed(kind: Kind) -> Iterator[str]:
    """Name what locks and recognises a row."""
    yield from kind.primary_key
    yield from (name for name in (kind.version, kind.soft_delete) if name)
    yield from (part.column for key in kind.natural_keys for part in key)
    yield from (column.name for column in kind.lock_columns)


Check = Callable[[Column, object], bool]


def _reasons(
    kind: Kind,
    wanted: Sequence[str],
    row: RawRow,
    checks: Mapping[str, Check],
    usual: Mapping[str, type],
) -> Iterator[tuple[str, str]]:
    for name in wanted:
        if name not in row and name in kind.columns:
            yield name, f"the answer lacks {name}"
    for name, value in row.items():
        if value is None or usual.get(name) is type(value):
            continue  # nearly all: there are many values
        if isinstance(value, Beyond):
            yield name, f"{name} holds {value.what}"
        elif check := checks.get(name):
            column = kind.columns[name]
            if not check(column, value):
                yield name, f"{name} is {_found(value)}, not {_TYPES[column.type]}"


def _found(value: object) -> str:
    return _NAMES.get(type(value), "a number") if not isinstance(value, str) else "another text"


def _known(row: RawRow) -> Row:
    return row  # type: ignore[return-value]  # all of it is JSON once nothing is beyond


def _is_text(column: Column, value: object) -> bool:
    return type(value) is str


def _is_boolean(column: Column, value: object) -> bool:
    return type(value) is bool


def _is_json(column: Column, value: object) -> bool:
    return True


def _is_moment(column: Column, value: object) -> bool:
    usual = isinstance(value, str) and _USUAL_MOMENT.fullmatch(value)
    return bool(usual) or _has_form(column, value)


def _has_form(column: Column, value: object) -> bool:
    try:
        canonical(value, column.type)  # type: ignore[arg-type]  # JSON, as nothing is beyond
    except ValueError:
        return False
    return True


_CHECKS: Mapping[ColumnType, Check] = {
    "text": _is_text,
    "uuid": _is_text,
    "tsvector": _is_text,
    "boolean": _is_boolean,
    "jsonb": _is_json,
    "timestamptz": _is_moment,
}
_USUAL: Mapping[ColumnType, type] = {"text": str, "uuid": str, "tsvector": str, "boolean": bool}
