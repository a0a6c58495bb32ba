"""Elements of two lists that are the same ones, as people would say it."""

import pytest

from reconciler.values.alignment import alignment

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
    "what is inside counts": (
        [{"alt": {"en": "x", "nl": "y"}}, {"alt": {"en": "v", "nl": "w"}}],
        [{"alt": {"en": "v", "nl": "z"}}],
        [1],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_elements_find_themselves(
    before: list[object], after: list[object], expected: list[int | None]
) -> None:
    assert alignment(before, after) == tuple(expected)


def test_long_lists_are_not_compared_pair_by_pair() -> None:
    before: list[object] = [{"n": n, "x": 0} for n in range(20_000)]
    after: list[object] = [{"n": n, "x": 1} for n in range(20_000)]
    assert alignment(before, [*before, *after]) == (*range(20_000), *([None] * 20_000))
