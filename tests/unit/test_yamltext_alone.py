"""A block that is read alone says what it says in the whole text, place by place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yamltext.edits import Text
from reconciler.yamltext.spots import Spot
from reconciler.yamltext.tree import Collection, entries

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted([*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/bad/**/*.yaml")])

SIMPLE = "contacts:\n  # the first\n  a:\n    city: x # here\n    zip: 1\n\n  b: {city: y}\n"
BRACKETS = "contacts: {\n  a: {city: x}\n}\n"
BRACKETS_BELOW = "contacts:\n  {\n  a: {city: x}\n  }\n"
ANCHOR = "contacts:\n  a: &a\n    city: x\n  b:\n    <<: *a\n    zip: 1\n"
DEEPER = "templates:\n  house:\n    contacts:\n      a:\n        city: x\n"
LIST = "contact_bookings:\n  - contact_id: a\n    booking_id: b\n"


def spots(text: Text) -> list[tuple[int, int]]:
    """Give line and column of each entry that is two levels deep."""
    found = []
    for _, kind in entries(text.tree.root) if text.tree.root else ():
        for key, _ in entries(kind):
            before = text.text[: key.place]
            found.append((before.count("\n"), key.place - before.rfind("\n") - 1))
    return found


def says(spot: Spot | None) -> object:
    return (spot.key, spot.value, spot.parent.mapping, spot.parent.flow) if spot else None


def check(text: str) -> int:
    """Compare both ways for each resource of a text; counts the blocks that were read alone."""
    alone = 0
    if Text(text).tree.stopped:
        return 0
    for line, column in spots(Text(text)):
        quick = Text(text).block(line, column)
        assert says(quick) == says(Text(text).spot(line, column)), (line, column)
        alone += quick is not None and len(quick.parent.children) == 2
    return alone


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        (SIMPLE.replace(" # here", ""), 2),
        (SIMPLE, 1),
        (SIMPLE.replace("\n", "\r\n"), 0),
        (BRACKETS + "taxes:\n  x:\n    a: b\n  y: {}\n", 2),
        (BRACKETS_BELOW, 1),
        (ANCHOR, 0),
        (DEEPER, 1),
        (LIST, 0),
        ("contacts:\n  a:\n    city: '${X}'\n", 1),
        ('contacts:\n  "a":\n    city: x\n  b: {}\n', 0),
    ],
)
def test_a_block_is_read_alone_where_its_lines_are_simple(text: str, alone: int) -> None:
    assert check(text) == alone


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_say_the_same(path: Path) -> None:
    check(path.read_text("utf-8"))


LINES = """\
contacts:
taxes: {
}
  {
  }
  a:
  b: &b
    city: x
    zip: 'y'
  c: {city: x}
# note
  # note

    <<: *b
  d: >
    notes: |
      e:
  - a: b
    f: "g
    h"
  i: j,
"""
parts = st.sampled_from(LINES.splitlines(keepends=True))


@given(st.lists(parts, max_size=12).map("".join))
def test_whatever_stands_around_it_says_the_same(text: str) -> None:
    check(text)


def test_an_edit_of_a_block_alone_leaves_the_rest() -> None:
    text = Text(SIMPLE.replace(" # here", ""))
    found = text.block(2, 2)
    assert found
    value = found.value
    assert isinstance(value, Collection)
    city = value.children[1]
    text.replace(city.start, city.stop, "z")
    assert text.changed() == SIMPLE.replace(" # here", "").replace("city: x", "city: z")
