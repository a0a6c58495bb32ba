"""The ``order`` parameter: ``name.desc.nullslast,clients(name).asc``."""

from typing import cast

from ..parsec import (
    Parser,
    always,
    attempt,
    build,
    char,
    choice,
    eof,
    first,
    look_ahead,
    optional,
    second,
    separated1,
    string,
)
from ..query import Direction, Field, Nulls, Order
from .names import delimiter, field, field_name, lexeme


def _worded(*words: str) -> Parser[str | None]:
    return optional(choice(*(attempt(second(delimiter, string(word))) for word in words)))


def _term(found: Field, direction: str | None, nulls: str | None) -> Order:
    return Order(found, cast("Direction | None", direction), cast("Nulls | None", nulls))


def _related(
    relation: str, _: str, found: Field, __: str, direction: str | None, nulls: str | None
) -> Order:
    term = _term(found, direction, nulls)
    return Order(term.field, term.direction, term.nulls, relation)


_end = choice(attempt(always(None, look_ahead(char(",")))), attempt(eof))
_direction = _worded("asc", "desc")
_nulls = choice(first(_worded("nullsfirst", "nullslast"), _end), _end)
_plain_term = build(_term, field, _direction, _nulls)
_related_term = build(_related, field_name, char("("), field, char(")"), _direction, _nulls)
order = separated1(lexeme(choice(attempt(_related_term), _plain_term)), char(","))
