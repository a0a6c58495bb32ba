"""Where two JSON values differ: everything that does, and an element is known by what it is."""

import pytest
from hypothesis import given, settings

from reconciler.canonical import canonical_json
from reconciler.jsondiff import Difference, differences
from reconciler.kind import JSON
from tests.jsonvalues import pairs


@settings(max_examples=60, deadline=None)
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


def written(found: Difference) -> str:
    """Write a difference in a few letters."""
    path = ".".join(str(step.at) for step in found.path)
    if found.moved_from is not None:
        return f"{path}:<{found.moved_from}"
    sign = "-" if found.removed else "+" if found.added else ""
    what = f"{sign}{found.before if found.removed else found.after}"
    what = what if sign else f"{found.before}>{found.after}"
    return f"{path}:{what}" if path else what


def applied(value: JSON, found: list[Difference]) -> JSON:
    """Do to a value what differences say."""
    for one in found:
        if not one.path:
            return one.after
    here = [one for one in found if len(one.path) == 1]
    whole = _list(value, here) if isinstance(value, list) else _object(value, here)
    below: dict[str | int, list[Difference]] = {}
    for one in found:
        changed = not (one.removed or one.added or one.moved_from is not None)
        if changed or len(one.path) > 1:
            below.setdefault(one.path[0].at, []).append(one._replace(path=one.path[1:]))
    for at, inner in below.items():
        whole[at] = applied(whole[at], inner)  # type: ignore[index]
    return whole


def _list(value: list[JSON], here: list[Difference]) -> list[JSON]:
    gone = {one.path[0].at for one in here if one.removed}
    new = {one.path[0].at: one.after for one in here if one.added}
    moved = {one.path[0].at: one.moved_from for one in here if one.moved_from is not None}
    rest = (item for at, item in enumerate(value) if at not in gone | set(moved.values()))
    length = len(value) - len(gone) + len(new)
    return [
        new[at] if at in new else value[moved[at]] if at in moved else next(rest)
        for at in range(length)
    ]


def _object(value: JSON, here: list[Difference]) -> JSON:
    if not isinstance(value, dict):
        return value
    gone = {one.path[0].at for one in here if one.removed}
    kept = {name: item for name, item in value.items() if name not in gone}
    return {**kept, **{str(one.path[0].at): one.after for one in here if one.added}}
