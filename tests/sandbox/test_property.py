"""Random filters choose the rows that a plain reading of them in Python chooses.

The filters are made as trees of their own, written as text for the sandbox, and evaluated here
with SQL's three truth values: None is "unknown".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import examples
from tests.sandbox_server import RunningSandbox

from .conftest import PROPERTY

Truth: TypeAlias = bool | None
Value: TypeAlias = str | int | bool | None
Row: TypeAlias = dict[str, Value]

LETTERS = 'aAb,."()\\ :é'
TEXTS = ("", "a", "A", "ab", "b,a", '"a"', "a.b", "(a)", "a\\b", "é", "null")
NUMBERS = (None, 0, 1, 2, 3)
FLAGS = (True, False)


def rows() -> Iterator[Row]:
    for number in range(len(TEXTS) * 5):
        yield {
            "code": TEXTS[number % len(TEXTS)],
            "description": TEXTS[(number * 7 + 3) % len(TEXTS)],
            "quota": NUMBERS[number % len(NUMBERS)],
            "stackable": FLAGS[number % 2],
            "inner": None if number % 4 == 0 else TEXTS[(number + 5) % len(TEXTS)],
        }


@dataclass(frozen=True)
class Leaf:
    """One test of one column; ``operand`` is written after the operator."""

    column: str
    operator: str
    operand: str
    negated: bool
    test: Callable[[Value], Truth]
    is_list: bool = False

    def text(self, *, nested: bool) -> str:
        name = "definition->>inner" if self.column == "inner" else self.column
        operand = quoted(self.operand) if nested and not self.is_list else self.operand
        operation = f"{'not.' if self.negated else ''}{self.operator}.{operand}"
        return f"{name}.{operation}" if nested else f"{name}={operation}"

    def truth(self, row: Row) -> Truth:
        return (
            inverted(self.test(row[self.column])) if self.negated else self.test(row[self.column])
        )


@dataclass(frozen=True)
class Branch:
    """Several conditions joined."""

    operator: str
    negated: bool
    children: "tuple[Node, ...]"

    def text(self, *, nested: bool) -> str:
        inside = ",".join(child.text(nested=True) for child in self.children)
        name = f"{'not.' if self.negated else ''}{self.operator}"
        return f"{name}({inside})" if nested else f"{name}=({inside})"

    def truth(self, row: Row) -> Truth:
        found = [child.truth(row) for child in self.children]
        decisive = self.operator == "or"
        joined: Truth = None if None in found else not decisive
        if decisive in found:
            joined = decisive
        return inverted(joined) if self.negated else joined


Node: TypeAlias = Leaf | Branch


def inverted(truth: Truth) -> Truth:
    return None if truth is None else not truth


def quoted(text: str) -> str:
    if text.startswith("{") or re.fullmatch(r"[a-z0-9]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def compared(operator: str, other: Value) -> Callable[[Value], Truth]:
    def test(value: Value) -> Truth:
        if value is None:
            return None
        one, two = cast("int", value), cast("int", other)  # or both are texts: same operators
        return {
            "eq": one == two,
            "neq": one != two,
            "gt": one > two,
            "gte": one >= two,
            "lt": one < two,
            "lte": one <= two,
        }[operator]

    return test


def matched(pattern: str, *, caseless: bool) -> Callable[[Value], Truth]:
    parts = (".*" if c in "%*" else "." if c == "_" else re.escape(c) for c in pattern)
    found = re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if caseless else 0))

    def test(value: Value) -> Truth:
        return None if value is None else found.fullmatch(str(value)) is not None

    return test


def joined(operator: str, quantifier: str, others: list[int]) -> Callable[[Value], Truth]:
    def test(value: Value) -> Truth:
        found = [compared(operator, other)(value) for other in others]
        if value is None and others:
            return None
        return (any if quantifier == "any" else all)(bool(one) for one in found)

    return test


def among(others: tuple[str, ...]) -> Callable[[Value], Truth]:
    return lambda value: None if value is None else value in others


TEXT_COLUMNS = st.sampled_from(["code", "description", "inner"])
OPERATORS = st.sampled_from(["eq", "neq", "gt", "gte", "lt", "lte"])
SOME_TEXT = st.sampled_from(TEXTS) | st.text(LETTERS, max_size=3)
PATTERNS = st.text("aAb*%_ .", max_size=4)


def text_leaf(column: str, operator: str, value: str, negated: bool) -> Leaf:
    return Leaf(column, operator, value, negated, compared(operator, value))


def number_leaf(operator: str, value: int, negated: bool) -> Leaf:
    return Leaf("quota", operator, str(value), negated, compared(operator, value))


def pattern_leaf(column: str, pattern: str, caseless: bool, negated: bool) -> Leaf:
    test = matched(pattern, caseless=caseless)
    return Leaf(column, "ilike" if caseless else "like", pattern, negated, test)


def list_leaf(column: str, items: list[str], negated: bool) -> Leaf:
    # A list of one empty text is an empty list, so PostgREST.
    written = tuple(items) if items != [""] else ("none of them",)
    text = ",".join('"' + i.replace("\\", "\\\\").replace('"', '\\"') + '"' for i in written)
    return Leaf(column, "in", f"({text})", negated, among(written), is_list=True)


def quantified_leaf(operator: str, quantifier: str, values: list[int], negated: bool) -> Leaf:
    text = "{" + ",".join(map(str, values)) + "}"
    test = joined(operator, quantifier, values)
    return Leaf("quota", f"{operator}({quantifier})", text, negated, test)


def null_leaf(column: str, negated: bool) -> Leaf:
    return Leaf(column, "is", "null", negated, lambda value: value is None)


def distinct_leaf(value: int, negated: bool) -> Leaf:
    return Leaf("quota", "isdistinct", str(value), negated, lambda found: found != value)


def flag_leaf(value: bool, negated: bool) -> Leaf:
    word = "true" if value else "false"
    return Leaf("stackable", "is", word, negated, lambda found: found is value)


QUANTIFIABLE = st.sampled_from(["eq", "gt", "gte", "lt", "lte"])
B = st.booleans()
N = st.integers(-1, 4)
NUMBER_LISTS = st.lists(N, max_size=3)
LEAVES = st.one_of(
    st.builds(text_leaf, TEXT_COLUMNS, OPERATORS, SOME_TEXT, B),
    st.builds(number_leaf, OPERATORS, N, B),
    st.builds(pattern_leaf, TEXT_COLUMNS, PATTERNS, B, B),
    st.builds(list_leaf, TEXT_COLUMNS, st.lists(SOME_TEXT, min_size=1, max_size=3), B),
    st.builds(quantified_leaf, QUANTIFIABLE, st.sampled_from(["any", "all"]), NUMBER_LISTS, B),
    st.builds(null_leaf, st.sampled_from(["quota", "inner", "code"]), B),
    st.builds(distinct_leaf, N, B),
    st.builds(flag_leaf, B, B),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Branch,
        st.sampled_from(["and", "or"]),
        B,
        st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def stored(sandbox: RunningSandbox) -> Iterator[tuple[httpx.Client, dict[str, Row]]]:
    headers = {"Authorization": "Bearer property", "Prefer": "return=representation"}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as client:
        wanted = list(rows())
        body = [
            {
                **{name: value for name, value in row.items() if name != "inner"},
                "organization_id": PROPERTY,
                "definition": {} if row["inner"] is None else {"inner": row["inner"]},
            }
            for row in wanted
        ]
        made = client.post("/coupons?select=id", json=body).json()
        yield client, {one["id"]: row for one, row in zip(made, wanted, strict=True)}
        client.delete("/coupons")


@settings(max_examples=examples(100))
@given(st.lists(NODES, min_size=1, max_size=3))
def test_filters(stored: tuple[httpx.Client, dict[str, Row]], nodes: list[Node]) -> None:
    client, known = stored
    pairs = [tuple(node.text(nested=False).split("=", 1)) for node in nodes]
    params = httpx.QueryParams([("select", "id"), *cast("list[tuple[str, str]]", pairs)])
    answer = client.get("/coupons", params=params)
    assert answer.status_code == 200, answer.text
    expected = {key for key, row in known.items() if all(node.truth(row) for node in nodes)}
    assert {one["id"] for one in answer.json()} == expected


@settings(max_examples=examples(30))
@given(st.permutations(["code", "description", "quota"]), st.lists(B, min_size=3, max_size=3))
def test_orders(
    stored: tuple[httpx.Client, dict[str, Row]], columns: list[str], falling: list[bool]
) -> None:
    client, known = stored
    terms = [f"{c}.{'desc' if d else 'asc'}" for c, d in zip(columns, falling, strict=True)]
    order = ",".join([*terms, "id"])
    found = client.get("/coupons", params={"select": "id", "order": order}).json()
    expected = sorted(known)
    for column, down in reversed(list(zip(columns, falling, strict=True))):
        expected.sort(key=lambda key: sortable(known[key][column]), reverse=down)
    assert [one["id"] for one in found] == expected


def sortable(value: Value) -> tuple[bool, int, str]:
    """Nulls come last, or first where the order falls."""
    number = value if isinstance(value, int) else 0
    return value is None, number, value if isinstance(value, str) else ""
