"""Names: columns, places inside JSON columns, and paths through embedded kinds."""

import re
from typing import TypeVar

from ..mismatch import Mismatch
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
    label,
    look_ahead,
    many,
    none_of,
    not_followed_by,
    pure,
    run_of,
    run_of1,
    satisfy,
    second,
    separated1,
    string,
)
from ..query import Field, Path, Step

T = TypeVar("T")

_blanks = run_of("[ \t]")


def lexeme(parser: Parser[T]) -> Parser[T]:
    """Allow blanks around."""
    return second(_blanks, parser, _blanks)


delimiter = label(char("."), "delimiter (.)")
comma = lexeme(char(","))
identifier = apply(str.strip, run_of1(r"[^\W_]|[_ $]", "letter", "digit"))

_any_char = satisfy(lambda _: True)
_quoted_char = choice(none_of('\\"'), second(char("\\"), _any_char))
_quoted = apply("".join, second(char('"'), many(_quoted_char), char('"')))
_plainly_quoted = re.compile(r'"([^"\\]*)"').match


def quoted(text: str, at: int) -> Outcome[str]:
    """Read a text in double quotes, in which a backslash stands before what is meant as it is."""
    plain = _plainly_quoted(text, at)
    if plain is None:
        return _quoted(text, at)
    return Outcome(True, True, plain.end(), Mismatch(plain.end(), ()), plain[1])


_dash = attempt(first(char("-"), not_followed_by(char(">"))))
_dashed = apply("-".join, separated1(identifier, _dash))
field_name = label(choice(quoted, _dashed), "field name (* or [a..z0..9_$])")
columns = separated1(field_name, comma)

_index_end = choice(
    *(attempt(always(None, look_ahead(string(text)))) for text in ("->", "::", ".", ",")),
    attempt(eof),
)
_sign = choice(char("-"), pure("+"))
_index = build(
    lambda sign, digits, _: (sign + digits, True), _sign, run_of1("[0-9]", "digit"), _index_end
)
_key = apply(lambda name: (name, False), field_name)
_arrow = choice(attempt(string("->>")), attempt(string("->")))


def _step(arrow: str, key: tuple[str, bool]) -> Step:
    return Step("->>" if arrow == "->>" else "->", *key)


json_path = many(build(_step, _arrow, choice(attempt(_index), attempt(_key))))
bare_field = build(Field, field_name, json_path)
field = lexeme(bare_field)


def _tree_path(names: tuple[str, ...], steps: tuple[Step, ...]) -> tuple[Path, Field]:
    return names[:-1], Field(names[-1], steps)


def _logic_path(names: tuple[str, ...]) -> tuple[Path, str]:
    path = tuple(name for name in names[:-1] if name != "not")
    return path, ("not." if "not" in names else "") + names[-1]


tree_path = build(_tree_path, separated1(field_name, delimiter), json_path)
"""``clients.name->>first``: where something applies, and the field."""

logic_path = apply(_logic_path, separated1(field_name, delimiter))
"""``clients.not.or``: where a logic tree applies, and how it begins."""
