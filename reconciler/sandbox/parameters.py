"""The query string: which parameter is a filter, which a setting; each value by its grammar."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import TypeVar
from urllib.parse import quote, unquote_plus

from . import grammar
from .grammar.quick import quick_logic, quick_operation, quick_tree_path
from .mismatch import describe, place
from .parsec import ParseError, Parser, parse
from .query import Condition, Field, Filter, Order, Path, Query, SelectField, SelectItem
from .ranges import ALL, Range
from .refusal import Refusal

T = TypeVar("T")
Pairs = list[tuple[str, str]]
Numbers = dict[Path, int | None]
"""What is given for each place; None is a text that is no number."""

_SETTINGS = frozenset({"select", "columns", "on_conflict"})
_PER_EMBED = frozenset({"order", "limit", "offset", "and", "or"})


def read_query(text: str) -> Query:
    """Read a raw query string; raise a Refusal with code PGRST100."""
    found = read_pairs(text)
    pairs = [(key, value) for key, value in found if value is not None]
    given = dict(reversed(found))
    select, columns, conflict = (given.get(key) for key in ("select", "columns", "on_conflict"))
    return Query(
        order=tuple(map(_order, _ending(pairs, "order"))),
        logic=tuple(map(_logic, _ending(pairs, "and", "or"))),
        columns=columns if columns is None else _columns(columns, "columns"),
        select=(SelectField(Field("*")),) if select is None else _select(select),
        filters=tuple(_filter(key, value) for key, value in pairs if _is_filter(key)),
        windows=_windows(pairs),
        on_conflict=conflict if conflict is None else _columns(conflict, "on_conflict"),
    )


def canonical_query(text: str) -> str:
    """Write a query string again, sorted by key; the values of one key stand behind it together."""
    values: dict[str, list[str]] = {}
    for key, value in sorted(read_pairs(text), key=lambda pair: pair[0]):
        values.setdefault(key, []).append(_encoded(value or ""))
    return "&".join(f"{_encoded(key)}={','.join(found)}" for key, found in values.items())


def read_pairs(text: str) -> list[tuple[str, str | None]]:
    """Take a query string, or a form, apart; without ``=`` there is no value."""
    # A semicolon separates as well; between two separators there is a key without a name.
    parts = re.split("[&;]", text)
    if not parts[-1]:
        parts.pop()
    split = (part.partition("=") for part in parts)
    return [(_decoded(key), _decoded(value) if equals else None) for key, equals, value in split]


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="replace")


def _encoded(text: str) -> str:
    # PostgREST takes each byte for a character and encodes that once more.
    return quote(text.encode().decode("latin-1"), safe="")


def _ending(pairs: Pairs, *words: str) -> Iterable[tuple[str, str]]:
    return (pair for pair in pairs if pair[0].rpartition(".")[2] in words)


def _is_filter(key: str) -> bool:
    return key not in _SETTINGS and key.rpartition(".")[2] not in _PER_EMBED


def _read(parser: Parser[T], text: str, what: str, shown: str | None = None) -> T:
    try:
        return parse(parser, text)
    except ParseError as error:
        line, column = place(error.mismatch, text)
        source = f'"failed to parse {what} ({text if shown is None else shown})"'
        message = f"{source} (line {line}, column {column})"
        raise Refusal(400, "PGRST100", message, details=describe(error.mismatch)) from None


@lru_cache(1000)  # a program asks for the same columns again and again
def _select(text: str) -> tuple[SelectItem, ...]:
    return _read(grammar.select, text, "select parameter")


@lru_cache(1000)
def _columns(text: str, name: str) -> tuple[str, ...]:
    return _read(grammar.columns, text, f"{name} parameter")


def _filter(key: str, value: str) -> tuple[Path, Filter]:
    path, field = quick_tree_path(key) or _read(grammar.tree_path, key, "tree path")
    negated, operation = quick_operation(value) or _read(grammar.filter_operation, value, "filter")
    return path, Filter(field, negated, operation)


def _order(pair: tuple[str, str]) -> tuple[Path, tuple[Order, ...]]:
    path, _ = quick_tree_path(pair[0]) or _read(grammar.tree_path, pair[0], "tree path")
    return path, _read(grammar.order, pair[1], "order")


def _logic(pair: tuple[str, str]) -> tuple[Path, Condition]:
    path, beginning = _read(grammar.logic_path, pair[0], "logic path")
    text = beginning + pair[1]
    return path, quick_logic(text) or _read(grammar.logic_tree, text, "logic tree", pair[1])


def _windows(pairs: Pairs) -> dict[Path, Range]:
    limits = {_parent(key): _number(value) for key, value in _ending(pairs, "limit")}
    offsets = {_parent(key): _number(value) for key, value in _ending(pairs, "offset")}
    return {path: _window(path, limits, offsets) for path in dict.fromkeys(chain(limits, offsets))}


def _window(path: Path, limits: Numbers, offsets: Numbers) -> Range:
    if path not in limits:
        return Range(offsets[path] or 0)
    if path not in offsets and limits[path] is None:
        return ALL
    start = offsets.get(path) or 0
    return Range(start, start + (limits[path] or 0) - 1)


def _parent(key: str) -> Path:
    path, _ = _read(grammar.tree_path, key, "tree path")
    return path


def _number(text: str) -> int | None:
    """Read a whole number; anything else sets no bound."""
    digits = text.strip()
    is_number = digits.removeprefix("-").isdecimal() and digits.isascii()
    return int(digits) if is_number else None
