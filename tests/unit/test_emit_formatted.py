"""What is written anew is in the one style already: ``fmt`` leaves an export as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.exporting.writing import block
from reconciler.format import formatted
from reconciler.values.column import JSON
from tests.builders import KINDS
from tests.jsonvalues import LEAVES
from tests.properties import examples

KIND = KINDS["products"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    LEAVES | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
ID = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("_", ["name: '_'"]),
        (".", ["name: '.'"]),
        ([["a\nb"]], ["name:", "  - - |-", "      a", "      b"]),
        ([[]], ["name: [[]]"]),
        ({ID: {"title": "w" * 40}}, ["name:", f"  {ID}: {{title: {'w' * 40}}}"]),
        (
            {ID: {"title": "w" * 50}},
            ["name:", f"  {ID}:", f"    title: {'w' * 50}"],
        ),
        ({"w" * 200: []}, ["name:", f"  {'w' * 200}: []"]),
        ({"w" * 200: {}}, ["name:", f"  {'w' * 200}: {{}}"]),
    ],
)
def test_what_is_written(value: JSON, lines: list[str]) -> None:
    text = written({"name": value})
    assert text.splitlines()[2:] == [f"    {line}" for line in lines]
    assert formatted(text, "a.yaml", KINDS) == text


@settings(max_examples=examples(300))
@given(st.dictionaries(st.sampled_from(["name", "description"]), VALUES, min_size=1))
def test_an_export_is_formatted(columns: dict[str, JSON]) -> None:
    text = written(dict(sorted(columns.items(), reverse=True)))
    assert formatted(text, "a.yaml", KINDS) == text


def written(columns: dict[str, JSON]) -> str:
    return f"{KIND.name}:\n{block(KIND, 'villa', columns)}\n"


@pytest.mark.parametrize("width", range(94, 104))
def test_a_pair_is_on_one_line_where_there_is_room(width: int) -> None:
    kind = KINDS["contact_bookings"]
    pair: dict[str, JSON] = {"contact_id": "", "booking_id": "summer"}
    length = len("  - {contact_id: , booking_id: summer}")
    pair["contact_id"] = "j" * (width - length)
    text = f"{kind.name}:\n{block(kind, '', pair)}\n"
    assert formatted(text, "a.yaml", KINDS) == text
    assert (len(text.splitlines()) == 2) == (width <= 100)
