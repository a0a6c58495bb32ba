"""Filters (``not.eq.1``, ``in.(a,b)``) and logic trees (``or(a.eq.1,and(b.lt.2,c.is.null))``)."""

from typing import Literal, cast

from ..parsec import (
    Outcome,
    Parser,
    always,
    apply,
    attempt,
    build,
    char,
    choice,
    first,
    label,
    none_of,
    not_followed_by,
    optional,
    pure,
    run_of,
    second,
    separated1,
    sequence,
    string,
)
from ..query import (
    Compare,
    Condition,
    Field,
    Filter,
    In,
    Is,
    IsDistinct,
    Logic,
    Operation,
    Quantifier,
    Search,
    Truth,
)
from .names import comma, delimiter, field, identifier, lexeme, quoted

SIMPLE_OPERATORS = ("neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj")
QUANTIFIED_OPERATORS = ("eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch")
SEARCH_OPERATORS = ("fts", "plfts", "phfts", "wfts")


# --- values ---------------------------------------------------------------------------------

single_value = run_of(".")
_quoted_value = attempt(first(quoted, not_followed_by(none_of(",)"))))
_plain_value = run_of("[^,)]")
list_value = second(
    lexeme(char("(")),
    separated1(choice(_quoted_value, _plain_value), char(",")),
    lexeme(char(")")),
)
_array = build(lambda a, b, c: a + b + c, string("{"), run_of("[^{}]"), string("}"))
logic_value = choice(_quoted_value, attempt(_array), _plain_value)


def _caseless(text: Truth) -> Parser[Truth]:
    letters = (choice(char(letter), char(letter.upper())) for letter in text)
    return attempt(always(text, sequence(*letters)))


_truth = label(
    choice(_caseless("null"), _caseless("unknown"), _caseless("true"), _caseless("false")),
    "null or trilean value (unknown, true, false)",
)


# --- operations -----------------------------------------------------------------------------


def _one_of(*names: str) -> Parser[str]:
    return choice(*(attempt(string(name)) for name in names))


def _named(name: str) -> Parser[object]:
    return attempt(sequence(string(name), delimiter))


def _quantify(name: Quantifier) -> Parser[Quantifier]:
    return attempt(always(name, string(name)))


_simple_operator = label(_one_of(*SIMPLE_OPERATORS), "unknown single value operator")
_quantified_operator = label(_one_of(*QUANTIFIED_OPERATORS), "unknown single value operator")
_quantifier = optional(
    attempt(second(char("("), choice(_quantify("any"), _quantify("all")), char(")")))
)
_language = optional(attempt(second(char("("), identifier, char(")"))))


def _in(values: tuple[str, ...]) -> Operation:
    return In(values)


def _is(value: Truth) -> Operation:
    return Is(value)


def _is_distinct(value: str) -> Operation:
    return IsDistinct(value)


def _search(operator: str, language: str | None, _: str, value: str) -> Operation:
    return Search(operator, language, value)


def _simple(operator: str, _: str, value: str) -> Operation:
    return Compare(operator, value)


def _quantified(operator: str, quantifier: Quantifier | None, _: str, value: str) -> Operation:
    return Compare(operator, value, quantifier)


def operation(value: Parser[str]) -> Parser[tuple[bool, Operation]]:
    """Read ``not.eq.1``, whose value ends as ``value`` says; the flag is the negation."""
    search = build(_search, _one_of(*SEARCH_OPERATORS), _language, delimiter, value)
    simple = build(_simple, _simple_operator, delimiter, value)
    quantified = build(_quantified, _quantified_operator, _quantifier, delimiter, value)
    alternatives = choice(
        apply(_in, second(_named("in"), list_value)),
        apply(_is, second(_named("is"), _truth)),
        apply(_is_distinct, second(_named("isdistinct"), value)),
        attempt(search),
        attempt(simple),
        attempt(quantified),
    )
    negation = choice(always(True, _named("not")), pure(False))
    return build(
        lambda negated, found: (negated, found),
        negation,
        label(alternatives, "operator (eq, gt, ...)"),
    )


filter_operation = operation(single_value)


# --- logic trees ----------------------------------------------------------------------------


def logic_tree(text: str, at: int) -> Outcome[Condition]:
    """Read a tree, or one filter of such a tree."""
    return _logic_tree(text, at)


def _logic_filter(found: Field, _: str, given: tuple[bool, Operation]) -> Condition:
    return Filter(found, *given)


def _logic(
    negated: bool,
    operator: str,
    _: str,
    children: tuple[Condition, ...],
    __: str,
) -> Condition:
    return Logic(negated, cast('Literal["and", "or"]', operator), children)


_negation = label(
    choice(attempt(always(True, sequence(string("not"), delimiter))), pure(False)),
    "negation operator (not)",
)
_logic_operator = label(choice(attempt(string("and")), string("or")), "logic operator (and, or)")
_logic_tree: Parser[Condition] = choice(
    attempt(build(_logic_filter, field, delimiter, operation(logic_value))),
    build(
        _logic,
        _negation,
        _logic_operator,
        lexeme(char("(")),
        separated1(logic_tree, comma),
        lexeme(char(")")),
    ),
)
