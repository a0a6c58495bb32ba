"""Where two JSON values differ: everything that does, and an element is known by what it is."""

import pytest
from hypothesis import given, settings

from reconciler.values.column import JSON
from reconciler.values.jsondiff import JsonDifference, differences
from reconciler.values.jsonform import canonical_json
from tests.jsonvalues import applied, pairs
from tests.properties import examples


@settings(max_examples=examples(60))
@given(pairs())
def test_differences_applied_to_before_give_after(pair: tuple[JSON, JSON]) -> None:
    before, after = pair
    found = differences(before, after)
    assert canonical_json(applied(before, found)) == canonical_json(after)
    assert bool(found) == (canonical_json(before) != canonical_json(after))


FIRST: JSON = {"from": "2025-12", "price": 90}
EIGHTH: JSON = {"from": "2026-08", "price": 1}
RATES: list[JSON] = [{"from": f"2026-{month:02}", "price": 100 + month} for month in range(1, 31)]
ROOMS: list[JSON] = [{"id": n, "beds": n % 3} for n in range(5)]


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        (0, False, ["0>False"]),
        (1, True, ["1>True"]),
        (1, 1.0, []),
        ({"a": 0}, {"a": False}, ["a:0>False"]),
        ([0], [False], ["0:0>False"]),
        ({"__a": 1, "b": 2}, {"__a": 2, "b": 2.0}, ["__a:1>2"]),
        ({"a": []}, {"a": {}}, ["a:[]>{}"]),
        ({"a": None}, {}, ["a:-None"]),
        ({"a": 1}, {}, ["a:-1"]),
        ({}, {"a": None}, ["a:+None"]),
        (RATES, [FIRST, *RATES], ["0:+{'from': '2025-12', 'price': 90}"]),
        (RATES, RATES[1:], ["0:-{'from': '2026-01', 'price': 101}"]),
        (RATES, [*RATES[:7], EIGHTH, *RATES[8:]], ["7.price:108>1"]),
        (ROOMS, [ROOMS[0], {"id": 9, "beds": 1}, *ROOMS[2:]], [
            "1:-{'id': 1, 'beds': 1}", "1:+{'id': 9, 'beds': 1}"]),
        (ROOMS, [*ROOMS[1:], {"id": 0, "beds": 7}], ["4:<0", "4.beds:0>7"]),
        (["a", "b", "c"], ["b", "c"], ["0:-a"]),
        (["a", "b"], ["a", "c", "d"], ["1:-b", "1:+c", "2:+d"]),
        ([[1, 2], [3]], [[1, 2], [4]], ["1.0:3>4"]),
        ([1, 2, 3], [3, 1, 2], ["0:<2"]),
    ],
)  # fmt: skip
def test_what_differs(before: JSON, after: JSON, places: list[str]) -> None:
    assert list(map(written, differences(before, after))) == places


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ([{"id": 7, "beds": 1}], [{"id": 7, "beds": 2}], ("id", 7)),
        ([{"uid": "a", "beds": 1}, {"uid": "b"}], [{"uid": "a"}, {"uid": "b"}], ("uid", "a")),
        ([{"name": "a", "beds": 1}], [{"name": "a", "beds": 2}], None),
        (["a"], ["b"], None),
    ],
)
def test_an_element_is_known_by_what_tells_it_apart(
    before: JSON, after: JSON, key: tuple[str, str | int] | None
) -> None:
    [found] = differences(before, after)
    assert found.path[0] == (0, key)


def test_large_lists_are_bounded() -> None:
    before: list[JSON] = [n % 7 for n in range(3000)]
    found = differences(before, [1, *before[::-1]])
    assert applied(before, found) == [1, *before[::-1]]


def test_what_is_very_deep_is_compared_as_a_whole() -> None:
    deep: JSON = 1
    for _ in range(200):
        deep = [deep]
    [found] = differences(deep, [deep])
    assert len(found.path) == 50


def written(found: JsonDifference) -> str:
    """Write a difference in a few letters."""
    path = ".".join(str(step.at) for step in found.path)
    if found.moved_from is not None:
        return f"{path}:<{found.moved_from}"
    sign = "-" if found.removed else "+" if found.added else ""
    what = f"{sign}{found.before if found.removed else found.after}"
    what = what if sign else f"{found.before}>{found.after}"
    return f"{path}:{what}" if path else what
