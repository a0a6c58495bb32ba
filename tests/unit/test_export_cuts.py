"""Edits inside values of messy files say what is wanted; and how often one is the smallest cut.

``make test`` tries what they say. ``python -m tests.test_export_cuts SEED SECONDS`` also counts the
edits that touched more than what changed: a larger cut is right, but not what people like.
"""

import copy
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import NamedTuple, cast

import pytest

from reconciler.configuration.load.parse import parse
from reconciler.sync.columns import set_columns
from reconciler.sync.parts import New
from reconciler.values.column import JSON
from reconciler.yamltext.edits import EntangledError, Text
from reconciler.yamltext.spots import find
from reconciler.yamltext.tree import Collection, Node, entries, name_of
from tests.messy_yaml import TEXTS, Messy
from tests.unit.test_export_edits import spot_of, values_of

Path = tuple[str | int, ...]
NEW = ("new text", "two\nlines\n", "no", "a: b # c", "é", "", " x ", *TEXTS)


class Edit(NamedTuple):
    """What is asked for: the value of a column, and the only characters that may go for it."""

    value: JSON
    begin: int
    end: int


def edit_of(text: Text, node: Node, value: JSON, dice: Random) -> Edit | None:
    """Choose a place inside a value, and what shall be different there."""
    places = [(path, inner) for path, inner in _below(node, value) if path]
    if not places:
        return None
    path, inner = dice.choice(places)
    wanted = copy.deepcopy(value)
    holder: JSON = wanted
    for step in path[:-1]:
        holder = cast("dict[str | int, JSON]", holder)[step]
    last, end = path[-1], text.end_of_block(inner.stop, 0)
    if isinstance(holder, list) and dice.random() < 0.4:
        holder.insert(int(last) + dice.randint(0, 1), {"quite": "new", "and": 1})
        return Edit(wanted, text.line_start(inner.start), text.line_start(inner.start) - 1)
    if isinstance(holder, list | dict) and len(holder) > 1 and dice.random() < 0.3:
        del cast("dict[str | int, JSON]", holder)[last]
        return Edit(wanted, 0, len(text.text))
    if isinstance(inner, Collection) and inner.children:
        return None
    cast("dict[str | int, JSON]", holder)[last] = dice.choice([*NEW, 7, None, True])
    return Edit(wanted, text.line_start(inner.start), end)


def _below(node: Node, value: JSON, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Go through the places of a value that it has itself, not by an alias."""
    yield path, node
    if isinstance(node, Collection) and not node.mapping and isinstance(value, list):
        for number, child in enumerate(node.children):
            yield from _below(child, value[number], (*path, number))
    elif isinstance(value, dict):
        for key, child in entries(node):
            if (name := name_of(key)) in value:
                yield from _below(child, value[name], (*path, name))


def check(seed: int, *, smallest: bool = False) -> bool:
    """Edit one file; answers whether there was something to edit."""
    dice = Random(seed)
    before = Messy(dice).file()
    if parse(before, "test.yaml").problems:
        return False
    said, text = values_of(before), Text(before)
    found = [
        (kind, key, name)
        for kind, resources in said.items()
        if isinstance(resources, dict)
        for key, columns in resources.items()
        if isinstance(columns, dict)
        for name, value in columns.items()
        if isinstance(value, dict | list) and find(spot_of(text, kind, key).value, name)
    ]
    if not found or "&" in before.replace('&a"', "").replace("&a'", ""):
        return False
    kind, key, name = dice.choice(found)
    spot = spot_of(text, kind, key)
    column = find(spot.value, name)
    was = said[kind][key][name]  # type: ignore[index,call-overload]
    edit = edit_of(text, column.value, was, dice) if column else None
    if edit is None or edit.value == was:
        return False
    try:
        set_columns(text, spot, {name: New(edit.value, was)}, [name])
    except EntangledError:
        return False
    after = text.changed()
    said[kind][key][name] = edit.value  # type: ignore[index,call-overload]
    assert values_of(after) == said, (seed, before, after)
    if smallest:
        _check_cut(before, after, edit, seed)
    return True


def _check_cut(before: str, after: str, edit: Edit, seed: int) -> None:
    begin = _shared(before, after)
    rest = min(len(before), len(after)) - begin
    end = len(before) - min(_shared(before[::-1], after[::-1]), rest)
    if edit.end < edit.begin:  # something new: nothing goes
        assert begin >= end, (seed, before, after)
    elif edit.end < len(before):
        assert edit.begin <= begin, (seed, before, after)
        assert end <= edit.end, (seed, before, after)


def _shared(one: str, two: str) -> int:
    """Count the characters that two texts begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )


@pytest.mark.parametrize("seed", range(0, 4_000, 400))
def test_an_edit_inside_a_value_says_what_is_wanted(seed: int) -> None:
    assert sum(check(number) for number in range(seed, seed + 40))


if __name__ == "__main__":
    first, until, tried, bad = int(sys.argv[1]), time.monotonic() + float(sys.argv[2]), 0, 0
    while time.monotonic() < until:
        first += 1
        try:
            tried += check(first, smallest=True)
        except Exception as error:
            bad += 1
            print(first, type(error).__name__, str(error)[:100].replace("\n", " "))
    print(f"{tried} edits, {bad} faults")
