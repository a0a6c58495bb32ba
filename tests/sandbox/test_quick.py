"""The quick readers give what the grammar gives, or nothing; and they are quick."""

from time import perf_counter
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.sandbox.grammar import filter_operation, logic_tree, tree_path
from reconciler.sandbox.grammar.quick import quick_logic, quick_operation, quick_tree_path
from reconciler.sandbox.parameters import read_query
from reconciler.sandbox.parsec import ParseError, Parser, parse
from tests.properties import examples

NAMES = st.sampled_from(["id", "a_b", "not", "and", "or", "is", "in", "x1", "label->>default", "é"])
WORDS = ["eq", "neq", "gte", "lt", "like", "like(any)", "cs", "fts", "fts(english)", "isdistinct"]
OPERATORS = st.sampled_from(WORDS)
VALUES = st.text('ab1,.()"{} \\\n-*é', max_size=6) | st.sampled_from(['"a,b"', "{a,b}", "", "1"])
NEGATION = st.sampled_from(["", "", "not."])
LISTS = st.lists(VALUES, min_size=1, max_size=4).map(lambda items: f"in.({','.join(items)})")
TESTS = st.sampled_from(["is.null", "is.true", "is.UNKNOWN", "is.unknown", "is.nul", "is.nullx"])
OPERATIONS = st.builds(
    "".join, st.tuples(NEGATION, st.builds("{}.{}".format, OPERATORS, VALUES) | LISTS | TESTS)
)
FILTERS = st.builds("{}.{}".format, NAMES, OPERATIONS)
TREES = st.recursive(
    FILTERS,
    lambda inner: st.builds(
        "{}{}({})".format,
        NEGATION,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3).map(",".join),
    ),
    max_leaves=6,
)


def slowly(parser: Parser[object], text: str) -> object:
    try:
        return parse(parser, text)
    except ParseError:
        return None


@settings(max_examples=examples(200))
@given(OPERATIONS)
@example('in.("a","b c")')
@example("in.()")
@example("eq.")
def test_operations(text: str) -> None:
    assert quick_operation(text) in (None, slowly(filter_operation, text))


@settings(max_examples=examples(200))
@given(TREES)
@example('and(id.eq.1,updated_at.eq."2026-01-01T00:00:00+00:00")')
@example("or(a.in.(1,2),not.and(b.is.null,c.lt.),d.eq.)")
def test_logic_trees(text: str) -> None:
    assert quick_logic(text) in (None, slowly(logic_tree, text))


@settings(max_examples=examples(100))
@given(NAMES | st.text(max_size=5))
def test_tree_paths(text: str) -> None:
    assert quick_tree_path(text) in (None, slowly(tree_path, text))


@pytest.mark.parametrize(
    "text",
    [
        'or(and(id.eq.1,updated_at.eq."2026-01-01T00:00:00+00:00"),and(id.eq.2,a.is.null))',
        'and(a.in.(1,2,"x y"),not.or(b.gte.1,c.not.lt.2))',
    ],
)
def test_what_our_client_sends_is_read_quickly(text: str) -> None:
    assert quick_logic(text) == slowly(logic_tree, text) is not None


def test_a_batch_of_locks_takes_no_time() -> None:
    pairs = (
        f'and(id.eq.{UUID(int=n)},updated_at.eq."2026-11-22T09:41:41.4+00:00")' for n in range(90)
    )
    text = f"or=({','.join(pairs)})"
    best = min(seconds(text) for _ in range(5))
    assert best < 0.02  # by the grammar alone it takes 0.04


def seconds(text: str) -> float:
    began = perf_counter()
    read_query(text)
    return perf_counter() - began
