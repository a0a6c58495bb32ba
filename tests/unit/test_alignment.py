"""Elements of two lists that are the same ones, as people would say it."""

import pytest

from reconciler.values.alignment import alignment, likeness
from tests.builders import ref

A, B, C = {"day": 1, "rate": 100}, {"day": 2, "rate": 100}, {"day": 3, "rate": 120}

CASES: dict[str, tuple[list[object], list[object], list[int | None]]] = {
    "the same": ([A, B], [A, B], [0, 1]),
    "one in front": ([A, B], [C, A, B], [None, 0, 1]),
    "one at the end": ([A, B], [A, B, C], [0, 1, None]),
    "one goes": ([A, B, C], [A, C], [0, 2]),
    "one changes": ([A, B, C], [A, {**B, "rate": 9}, C], [0, 1, 2]),
    "all change": ([A, B], [{**A, "rate": 9}, {**B, "rate": 9}], [0, 1]),
    "they move": ([A, B, C], [C, A, B], [2, 0, 1]),
    "doubles": ([A, A], [A, A, A], [0, 1, None]),
    "the one value of an element changes": ([{"rate": 1}, "x"], [{"rate": 2}, "x"], [0, 1]),
    "nothing becomes something": (["a", {}], ["a", "x"], [0, 1]),
    "one of two equal ones changes": (["a", "b", "a"], ["x", "b", "a"], [0, 1, 2]),
    "nothing alike": ([A], [{"x": 1}], [None]),
    "texts": (["a", "b", "c"], ["a", "x", "c"], [0, 1, 2]),
    "a text more": (["a", "c"], ["a", "b", "c"], [0, None, 1]),
    "true is not 1": ([True, "x"], ["x", 1], [1, None]),
    "an id tells": (
        [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}],
        [{"id": 2, "a": "x"}, {"id": 3, "a": "y"}],
        [1, None],
    ),
    "an id that tells nothing": ([{"id": 1, "a": 2}, {"id": 1, "a": 3}], [{"id": 1, "a": 3}], [1]),
    "an id that tells nothing, the first": (
        [{"id": 1, "a": 2}, {"id": 1, "a": 3}], [{"id": 1, "a": 2}], [0]),
    "the second of two equal ones changes": (["a", "a"], ["a", "x"], [0, 1]),
    "the end stays, and stands at the beginning too": (
        ["a", "b", "c", "a", "b"], ["d", "a", "b"], [None, 3, 4]),
    "a mapping does not become a text": ([A], ["x"], [None]),
    "ids that only the server can give": (
        [ref("taxes.a"), ref("taxes.b")], [ref("taxes.b")], [1]),
    "the one that shares the most": (
        [{"a": 1, "b": 2, "c": 0, "d": 0}, {"a": 1, "b": 2, "c": 3, "d": 0}],
        [{"a": 1, "b": 2, "c": 3, "d": 4}],
        [1],
    ),
    "the nearest of those that share as much": (
        [{"a": 1, "b": 1}, "x", {"a": 1, "b": 2}], ["p", "q", {"a": 1, "b": 3}], [None, 1, 2]),
    "two share as much with one": (
        [{"a": 1, "b": 1}], [{"a": 1, "b": 2}, {"a": 1, "b": 3}], [0, None]),
    "what is inside counts": (
        [{"alt": {"en": "x", "nl": "y"}}, {"alt": {"en": "v", "nl": "w"}}],
        [{"alt": {"en": "v", "nl": "z"}}],
        [1],
    ),
}  # fmt: skip


def inside(depth: int, leaf: object, *, lists: bool = False) -> object:
    """Put a value into that many mappings, or lists, of one element each."""
    for _ in range(depth):
        leaf = [leaf] if lists else {"in": leaf}
    return leaf


LIKENESS: list[tuple[object, object, float]] = [
    (1, 1, 1),
    (1, 2, 0),
    (1, True, 0),
    (1, 1.0, 0),
    ({}, {}, 1),
    ([], [], 1),
    ([], {}, 0),
    ({}, {"a": 1}, 0),
    ([1], [], 0),
    ([1], [1], 1),
    ({"a": 1, "b": 2}, {"a": 1, "b": 3}, 1 / 2),
    ({"a": 1, "b": 2}, {"a": 1, "c": 2}, 1 / 3),
    ({"a": {}, "b": [], "c": 1}, {"a": {}, "b": [], "c": 2}, 2 / 3),
    ([1, 2], [1, 2, 3], 2 / 3),
    ([1, 2, 3], [1, 2], 2 / 3),
    ([1, 2], [2, 1], 0),
    ({"a": [1, 2], "b": {"c": 1}}, {"a": [1, 3], "b": {"c": 2}}, 1 / 4),
    (inside(5, A), inside(5, B), 1 / 2),
    (inside(6, A), inside(6, B), 0),
    (inside(6, A), inside(6, A), 1),
    (inside(5, [1, 2], lists=True), inside(5, [1, 3], lists=True), 1 / 2),
    (inside(6, [1, 2], lists=True), inside(6, [1, 3], lists=True), 0),
]


@pytest.mark.parametrize(("one", "two", "expected"), LIKENESS)
def test_two_values_share_so_much(one: object, two: object, expected: float) -> None:
    assert likeness(one, two) == pytest.approx(expected)
    assert likeness(two, one) == pytest.approx(expected)


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_elements_find_themselves(
    before: list[object], after: list[object], expected: list[int | None]
) -> None:
    assert alignment(before, after) == tuple(expected)


def test_long_lists_are_not_compared_pair_by_pair() -> None:
    before: list[object] = [{"n": n, "x": 0} for n in range(20_000)]
    after: list[object] = [{"n": n, "x": 1} for n in range(20_000)]
    assert alignment(before, [*before, *after]) == (*range(20_000), *([None] * 20_000))


def test_equal_ones_of_long_lists_find_each_other_wherever_they_stand() -> None:
    before = list(range(150))
    assert alignment(before, before[::-1]) == tuple(before[::-1])


def test_as_many_pairs_are_looked_at_as_there_may_be() -> None:
    before = [{"n": n, "x": 0} for n in range(100)]
    after = [{"n": n, "x": 1} for n in range(199, -1, -1)]
    assert alignment(before, after) == (*([None] * 100), *range(99, -1, -1))
