"""What the grammar accepts, and in which words it refuses."""

# ruff: noqa: E501 - a row of a table is one line

import pytest

from reconciler.sandbox.grammar import (
    columns,
    filter_operation,
    logic_path,
    logic_tree,
    order,
    select,
    tree_path,
)
from reconciler.sandbox.mismatch import describe, place
from reconciler.sandbox.parsec import ParseError, Parser, parse
from reconciler.sandbox.query import (
    Compare,
    Field,
    Filter,
    In,
    Is,
    IsDistinct,
    Logic,
    Order,
    Search,
    SelectField,
    SelectRelation,
    Step,
)

ONE = Filter(Field("id"), False, Compare("eq", "1"))


@pytest.mark.parametrize(
    ("parser", "text", "value"),
    [
        (filter_operation, "eq.1", (False, Compare("eq", "1"))),
        (filter_operation, "not.eq.1", (True, Compare("eq", "1"))),
        (filter_operation, "eq.", (False, Compare("eq", ""))),
        (filter_operation, "gte.a.b,c)", (False, Compare("gte", "a.b,c)"))),
        (filter_operation, "like(any).{a*,b*}", (False, Compare("like", "{a*,b*}", "any"))),
        (filter_operation, "in.(a,\"b,c\",d e)", (False, In(("a", "b,c", "d e")))),
        (filter_operation, 'in.("a\\"b")', (False, In(('a"b',)))),
        (filter_operation, "in.()", (False, In(("",)))),
        (filter_operation, "is.NULL", (False, Is("null"))),
        (filter_operation, "not.is.true", (True, Is("true"))),
        (filter_operation, "isdistinct.1", (False, IsDistinct("1"))),
        (filter_operation, "fts(english).a&b", (False, Search("fts", "english", "a&b"))),
        (filter_operation, "cs.{a,b}", (False, Compare("cs", "{a,b}"))),
        (tree_path, "id", ((), Field("id"))),
        (tree_path, "a.b.id", (("a", "b"), Field("id"))),
        (
            tree_path,
            "name->a->>0",
            ((), Field("name", (Step("->", "a"), Step("->>", "+0", True)))),
        ),
        (logic_path, "a.not.or", (("a",), "not.or")),
        (columns, 'a, "b c"', ("a", "b c")),
        (order, "a.desc.nullslast,b", (Order(Field("a"), "desc", "nullslast"), Order(Field("b"), None, None))),
        (order, "c(a)", (Order(Field("a"), None, None, "c"),)),
        (logic_tree, "or(id.eq.1,id.eq.1)", Logic(False, "or", (ONE, ONE))),
        (
            logic_tree,
            'and(id.eq.1,not.or(id.eq.1,a.in.(x,"y")))',
            Logic(
                False,
                "and",
                (ONE, Logic(True, "or", (ONE, Filter(Field("a"), False, In(("x", "y")))))),
            ),
        ),
        (select, "", ()),
        (select, "(id)", ()),
        (select, ",id", ()),
        (select, "*::text", ()),
        (select, "id,c()", (SelectField(Field("id")), SelectRelation("c", None, None, None, ()))),
        (select, "a, b::text", (SelectField(Field("a")), SelectField(Field("b"), "text"))),
        (select, "x:a->b", (SelectField(Field("a", (Step("->", "b"),)), None, "x"),)),
        (
            select,
            "x:a!f!inner(*)",
            (SelectRelation("a", "x", "f", "inner", (SelectField(Field("*")),)),),
        ),
        (select, "...a(b)", (SelectRelation("a", None, None, None, (SelectField(Field("b")),), True),)),
    ],
)  # fmt: skip
def test_reads(parser: Parser[object], text: str, value: object) -> None:
    assert parse(parser, text) == value


@pytest.mark.parametrize(
    ("parser", "text", "column", "words"),
    [
        (filter_operation, "val", 1, 'unexpected "v" expecting "not" or operator (eq, gt, ...)'),
        (filter_operation, "fts().x", 5, 'unexpected ")" expecting operator (eq, gt, ...)'),
        (filter_operation, "eq().x", 4, 'unexpected ")" expecting operator (eq, gt, ...)'),
        (filter_operation, "in().x", 3, 'unexpected "(" expecting operator (eq, gt, ...)'),
        (filter_operation, "", 1, 'unexpected end of input expecting "not" or operator (eq, gt, ...)'),
        (logic_tree, "or()", 4, 'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)'),
        (logic_tree, "or(id.in.1,2)", 10, 'unexpected "1" expecting "("'),
        (logic_tree, "or)(", 3, 'unexpected ")" expecting "("'),
        (logic_tree, "and(ord(id.eq.1))", 7, 'unexpected "d" expecting "("'),
        (logic_tree, "or(id.eq.1,not.xor(id.eq.2))", 16, 'unexpected "x" expecting logic operator (and, or)'),
        (order, "clients(name,id)", 8, "unexpected '(' expecting letter, digit, \"-\", \"->>\", \"->\", delimiter (.), \",\" or end of input"),
        (order, "id.ac", 4, 'unexpected "c" expecting "asc", "desc", "nullsfirst" or "nullslast"'),
        (order, "id.descc", 8, "unexpected 'c' expecting delimiter (.), \",\" or end of input"),
        (order, "id.nullslasttt", 13, "unexpected 't' expecting \",\" or end of input"),
        (order, "id.asc.nlsfst", 8, 'unexpected "l" expecting "nullsfirst" or "nullslast"'),
        (order, "id.asc.smth34", 8, 'unexpected "s" expecting "nullsfirst" or "nullslast"'),
        (select, "name::", 7, "unexpected end of input expecting letter or digit"),
        (select, "id,c(n[])", 7, 'unexpected \'[\' expecting letter, digit, "-", "->>", "->", "::", ")", "," or end of input'),
        (select, "name!hint", 5, 'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ")", "," or end of input'),
        (select, "data->>-78xy", 11, 'unexpected \'x\' expecting digit, "->", "::", ".", "," or end of input'),
        (select, "id,*!hint", 5, 'unexpected \'!\' expecting ")", "," or end of input'),
        (select, "id,", 4, 'unexpected end of input expecting "...", field name (* or [a..z0..9_$]) or "*"'),
        (select, "c(id", 5, 'unexpected end of input expecting letter, digit, "-", "->>", "->", "::", ")", "," or end of input'),
        (select, "c(...d", 7, 'unexpected end of input expecting letter, digit, "-", "!" or "("'),
        (tree_path, ":", 1, 'unexpected ":" expecting field name (* or [a..z0..9_$])'),
        (tree_path, "a->>-xy", 6, 'unexpected "x" expecting digit'),
    ],
)  # fmt: skip
def test_refuses(parser: Parser[object], text: str, column: int, words: str) -> None:
    with pytest.raises(ParseError) as raised:
        parse(parser, text)
    assert place(raised.value.mismatch, text) == (1, column)
    assert describe(raised.value.mismatch) == words
