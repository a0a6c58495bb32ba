"""The ``select`` parameter: ``name,mail:email::text,contacts!inner(id)``."""

from typing import cast

from ..parsec import (
    Outcome,
    Parser,
    always,
    apply,
    attempt,
    build,
    char,
    choice,
    eof,
    first,
    look_ahead,
    not_followed_by,
    optional,
    second,
    separated,
    string,
)
from ..query import Field, Join, SelectField, SelectItem, SelectRelation
from .names import comma, field, field_name, identifier, lexeme

Parameter = tuple[str | None, str | None]
"""What follows ``!``: a hint, or a way to join; one of them is None."""

_alias = optional(attempt(first(field_name, char(":"), not_followed_by(char(":")))))
_end = choice(
    attempt(always(None, look_ahead(string(")")))),
    attempt(always(None, look_ahead(string(",")))),
    attempt(eof),
)
_cast = optional(second(string("::"), identifier))
_named = build(
    lambda alias, found, cast_to, _: SelectField(found, cast_to, alias), _alias, field, _cast, _end
)
_star = always(SelectField(Field("*")), first(string("*"), _end))
select_field = lexeme(choice(attempt(_star), _named))


def _join(word: str) -> Parser[Parameter]:
    return attempt(always((None, word), string(word)))


def _hint(name: str) -> Parameter:
    return name, None


_parameter = second(
    char("!"), choice(_join("left"), _join("inner"), attempt(apply(_hint, field_name)))
)
_opening = attempt(look_ahead(string("(")))


def _head(
    alias: str | None, name: str, one: Parameter | None, other: Parameter | None, _: str
) -> SelectRelation:
    given = [parameter for parameter in (one, other) if parameter]
    hint = next((hint for hint, _ in given if hint), None)
    join = next((join for _, join in given if join), None)
    return SelectRelation(name, alias, hint, cast("Join | None", join), ())


def _spread_head(
    _: str, name: str, one: Parameter | None, other: Parameter | None, opening: str
) -> SelectRelation:
    head = _head(None, name, one, other, opening)
    return SelectRelation(head.name, None, head.hint, head.join, (), spread=True)


_both = (optional(_parameter), optional(_parameter))
relation_head = attempt(lexeme(build(_head, _alias, field_name, *_both, _opening)))
spread_head = attempt(lexeme(build(_spread_head, string("..."), field_name, *_both, _opening)))


def select(text: str, at: int) -> Outcome[tuple[SelectItem, ...]]:
    """Read a list of fields and embedded kinds; one that begins with neither is empty."""
    return _select(text, at)


def _embed(head: SelectRelation, _: str, children: tuple[SelectItem, ...], __: str) -> SelectItem:
    return SelectRelation(head.name, head.alias, head.hint, head.join, children, head.spread)


def _embedding(head: Parser[SelectRelation]) -> Parser[SelectItem]:
    return build(_embed, head, char("("), select, char(")"))


_item: Parser[SelectItem] = choice(_embedding(spread_head), _embedding(relation_head), select_field)
_select = separated(_item, comma)
