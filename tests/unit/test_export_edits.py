"""Edits of YAML that people wrote: what is asked for changes, and nothing else does."""

# ruff: noqa: E501 (one case, one line)

from random import Random
from typing import cast

import pytest

from reconciler.configuration.load.nodes import MappingNode, Node, Scalar, SequenceNode
from reconciler.configuration.load.parse import parse
from reconciler.sync.blocks import append, begin, can_append, can_begin
from reconciler.sync.columns import set_columns
from reconciler.sync.parts import New
from reconciler.sync.removing import remove
from reconciler.values.column import JSON
from reconciler.values.core import read_core
from reconciler.yamltext.edits import EntangledError, Text
from reconciler.yamltext.lines import Lines
from reconciler.yamltext.spots import Spot
from tests.builders import KINDS
from tests.messy_yaml import COLUMNS, TEXTS, Messy

ORDER = ["first_name", "last_name", "email", "notes", "meta", "fee", "order", "unknown", "zip"]
LINES = "first\nsecond"


def values_of(text: str) -> dict[str, JSON]:
    """Read a text as our own reader does; aliases and merges are resolved."""
    parsed = parse(text, "test.yaml")
    assert not parsed.problems, (parsed.problems, text)
    return cast("dict[str, JSON]", _value(parsed.root)) if parsed.root else {}


def _value(node: Node) -> JSON:
    if isinstance(node, Scalar):
        return read_core(node.text) if node.plain else node.text
    if isinstance(node, SequenceNode):
        return [_value(item) for item in node.items]
    return {name: _value(entry.value) for name, entry in node.entries.items()}


def spot_of(text: Text, *path: str | int) -> Spot:
    """Find a resource by the place that our own reader gives, as an update does."""
    root = parse(text.text, "test.yaml").root
    assert root
    holder, place = cast("Node", root), cast("Node", root)
    for step in path:
        if isinstance(holder, SequenceNode):
            holder = place = holder.items[int(step)]
        else:
            entry = cast("MappingNode", holder).entries[str(step)]
            holder, place = entry.value, entry.key
    spot = text.spot(*Lines(text.text).place(place.place))
    assert spot
    return spot


def set_(text: str, key: str, **columns: JSON) -> str:
    """Set columns of a resource that stands on the top level, where all is indented less."""
    edited = Text(text)
    was = cast("dict[str, JSON]", values_of(text)[key] or {})
    new = {name: New(value, was.get(name)) for name, value in columns.items()}
    set_columns(edited, spot_of(edited, key), new, ORDER)
    return edited.changed()


# -- values ---------------------------------------------------------------------------------------

SET: dict[str, tuple[str, dict[str, JSON], str]] = {
    "a plain value": ("jane:\n  zip: 1   # c\n  x: y\n", {"zip": "b"}, "jane:\n  zip: b   # c\n  x: y\n"),
    "a quoted value": ("jane: \n  zip:  'a'\n", {"zip": "no"}, "jane: \n  zip:  'no'\n"),
    "a value to lines": ("jane:\n  zip: a\n", {"zip": LINES}, "jane:\n  zip: |-\n    first\n    second\n"),
    "a comment beside keeps it on its line": (
        "jane:\n  zip: a # c\n", {"zip": LINES}, 'jane:\n  zip: "first\\nsecond" # c\n',
    ),
    "lines to a value": ("jane:\n  zip: |\n    a\n\n  # c\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: b\n\n  # c\n  x: 1\n"),
    "kept lines to a value": ("jane:\n  zip: |+\n    a\n\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: b\n  x: 1\n"),
    "a value of several lines": ("jane:\n  zip: a\n    b # c\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: b # c\n  x: 1\n"),
    "a value on the next line": ("jane:\n  zip:\n    a\n", {"zip": "b"}, "jane:\n  zip:\n    b\n"),
    "a value below a comment": ("jane:\n  zip: # c\n    a\n", {"zip": "b"}, "jane:\n  zip: # c\n    b\n"),
    "a list to a value below a comment": ("jane:\n  zip: # c\n  - a\n", {"zip": "b"}, "jane:\n  zip: # c\n    b\n"),
    "a list below a comment": (
        "jane:\n  zip: # c\n    a\n", {"zip": [{"a": LINES}]},
        "jane:\n  zip: # c\n    - a: |-\n        first\n        second\n",
    ),
    "nothing to a value": ("jane:\n  zip:\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: b\n  x: 1\n"),
    "nothing with a comment": ("jane:\n  zip: # c\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: b # c\n  x: 1\n"),
    "a value to nothing": ("jane:\n  zip: a\n", {"zip": None}, "jane:\n  zip: null\n"),
    "in brackets": ("jane: {zip: a, x: 1} # c\n", {"zip": LINES}, 'jane: {zip: "first\\nsecond", x: 1} # c\n'),
    "an alias": ("x: &a 1\njane:\n  zip: *a\n", {"zip": "b"}, "x: &a 1\njane:\n  zip: b\n"),
    "an anchor moves to the next that uses it": (
        "jane:\n  zip: &a 1 # c\nx: *a\ny: [*a, b]\n", {"zip": "b"}, "jane:\n  zip: b # c\nx: &a 1\ny: [*a, b]\n",
    ),
    "an anchor that nobody uses stays": ("jane:\n  zip: &a 1\nx: 1\n", {"zip": "b"}, "jane:\n  zip: &a b\nx: 1\n"),
    "an anchor that is another's later": (
        "jane:\n  zip: &a 1\nx: &a 2\ny: *a\n", {"zip": "b"}, "jane:\n  zip: &a b\nx: &a 2\ny: *a\n",
    ),
    "an anchor of lines": (
        "jane:\n  zip: &a |\n    one\n    two\nx: *a\n", {"zip": "b\nc\n"},
        'jane:\n  zip: |\n    b\n    c\nx: &a "one\\ntwo\\n"\n',
    ),
    "an anchor of a list": (
        "jane:\n  meta: &a\n    - a # one\n    - b: 1\nx: *a\n", {"meta": ["a", {"b": 2}]},
        "jane:\n  meta: \n    - a # one\n    - b: 2\nx: &a [a, {b: 1}]\n",
    ),
    "an anchor inside of a list": (
        "jane:\n  meta: [&a 1, 2]\nx: {y: *a}\n", {"meta": [3, 2]}, "jane:\n  meta: [3, 2]\nx: {y: &a 1}\n",
    ),
    "an anchor that only what changes uses": (
        "jane:\n  fee: &a 1\n  zip: *a\n", {"fee": 2, "zip": "b"}, "jane:\n  fee: &a 2\n  zip: b\n",
    ),
    "those that merge a block keep its columns": (
        "jane: &a\n  zip: 1 # c\nx:\n  <<: *a\n  notes: b\ny: {<<: *a, zip: 2}\nz: *a\n", {"zip": "b"},
        "jane: &a\n  zip: b # c\nx:\n  <<: *a\n  notes: b\n  zip: 1\ny: {<<: *a, zip: 2}\nz: {<<: *a, zip: 1}\n",
    ),
    "an anchor before nothing": ("jane:\n  zip: &a\n  x: 1\n", {"zip": "b"}, "jane:\n  zip: &a b\n  x: 1\n"),
    "a list to another": (
        "jane:\n  meta:\n  - a # c\n  - b\n", {"meta": ["a", "c"]}, "jane:\n  meta:\n  - a # c\n  - c\n",
    ),
    "a list to a longer one": ("jane:\n  meta:\n  - a\n", {"meta": ["a", "c"]}, "jane:\n  meta:\n  - a\n  - c\n"),
    "a part of a mapping": (
        "jane:\n  fee:\n    b: 1 # one\n    a: 2 # two\n", {"fee": {"a": 3, "b": 1}},
        "jane:\n  fee:\n    b: 1 # one\n    a: 3 # two\n",
    ),
    "a part comes": ("jane:\n  fee:\n    b: 1 # one\n", {"fee": {"a": 3, "b": 1}}, "jane:\n  fee:\n    b: 1 # one\n    a: 3\n"),
    "a part goes": (
        "jane:\n  fee:\n    # the first\n    a: 1\n    # the second\n    b: 2 # two\n    c: 3\n", {"fee": {"a": 1, "c": 3}},
        "jane:\n  fee:\n    # the first\n    a: 1\n    c: 3\n",
    ),
    "a part of a part in brackets": (
        "jane:\n  fee: {a: [{b: 1, c: 2}], d:  3}\n", {"fee": {"a": [{"b": 1, "c": 4}], "d": 3}},
        "jane:\n  fee: {a: [{b: 1, c: 4}], d:  3}\n",
    ),
    "a variable stays beside what changes": (
        "jane:\n  meta: [{k: '${A}', v: 1}]\n", {"meta": [{"k": "${A}", "v": 2}]}, "jane:\n  meta: [{k: '${A}', v: 2}]\n",
    ),
    "the first of a list in brackets over several lines goes": (
        "jane:\n  meta: [\n    a, # one\n    b, # two\n  ]\n", {"meta": ["b"]}, "jane:\n  meta: [\n    b, # two\n  ]\n",
    ),
    "the one value of an element": (
        "jane:\n  meta:\n    -\n      # one\n      v: 1 # two\n    - b\n", {"meta": [{"v": 2}, "b"]},
        "jane:\n  meta:\n    -\n      # one\n      v: 2 # two\n    - b\n",
    ),
    "a part of nothing": ("jane:\n  meta:\n    -\n    - b\n", {"meta": [-1, "b"]}, "jane:\n  meta:\n    - -1\n    - b\n"),
    "all parts go": ("jane:\n  fee:\n    a: 1\n  zip: 1\n", {"fee": {}}, "jane:\n  fee: {}\n  zip: 1\n"),
    "a merged value is overruled": (
        "x: &a {zip: 1}\njane:\n  <<: *a\n  fee: 1\n", {"zip": "b"}, "x: &a {zip: 1}\njane:\n  <<: *a\n  fee: 1\n  zip: b\n",
    ),
    "a merged value in brackets": ("x: &a {zip: 1}\njane: {<<: *a}\n", {"zip": "b"}, "x: &a {zip: 1}\njane: {<<: *a, zip: b}\n"),
    "a whole alias is overruled": (
        "x: &a {zip: 1}\njane: *a # c\njohn: 1\n", {"zip": "b"}, "x: &a {zip: 1}\njane: # c\n  <<: *a\n  zip: b\njohn: 1\n",
    ),
    "columns in their order": (
        "jane:\n  first_name: a\n  $ignore: [zip]\n  email: b\n", {"last_name": "c"},
        "jane:\n  first_name: a\n  $ignore: [zip]\n  last_name: c\n  email: b\n",
    ),
    "the first column": ("jane:\n  email: b # c\n", {"first_name": "a"}, "jane:\n  first_name: a\n  email: b # c\n"),
    "after the last line": ("jane:\n  email: b", {"zip": "a"}, "jane:\n  email: b\n  zip: a"),
    "windows line ends": ("jane:\r\n  zip: a\r\n  x: 1\r\n", {"zip": LINES}, "jane:\r\n  zip: |-\r\n    first\r\n    second\r\n  x: 1\r\n"),
    "a resource of nothing": ("jane:\njohn: 1\n", {"zip": "a"}, "jane:\n  zip: a\njohn: 1\n"),
    "a resource of null": ("jane: ~ # c\njohn: 1\n", {"zip": "a"}, "jane: # c\n  zip: a\njohn: 1\n"),
    "a resource of empty brackets": ("jane: {}\njohn: 1\n", {"zip": "a"}, "jane:\n  zip: a\njohn: 1\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "columns", "after"), SET.values(), ids=SET)
def test_a_column_is_set(before: str, columns: dict[str, JSON], after: str) -> None:
    assert set_(before, "jane", **columns) == after
    assert set_(after, "jane", **columns) == after
    assert cast("dict[str, JSON]", values_of(after)["jane"]).items() >= columns.items()


@pytest.mark.parametrize(
    "text",
    [
        "x: *a\njane:\n  fee: {b: &a 1}\n",
        "jane:\n  fee: {b: &a 1}\njohn: *a\n",
    ],
)
def test_what_others_use_is_left(text: str) -> None:
    if text.startswith("x"):
        text = text.replace("x: *a\n", "") + "x: *a\n"
    with pytest.raises(EntangledError):
        set_(text, "jane", fee="c")


# -- resources ------------------------------------------------------------------------------------

REMOVED = {
    "the only one": ("contacts:\n  jane: 1\nx: 1\n", ["jane"], "contacts:\nx: 1\n"),
    "with its comments": (
        "contacts:\n  john: 1\n\n  # about jane\n  # all of it\n  jane: # here\n    a: |\n      b\n"
        "    # below\n\n  # about mary\n  mary: 1\n", ["jane"],
        "contacts:\n  john: 1\n\n  # about mary\n  mary: 1\n",
    ),
    "a comment above the first stays": (
        "contacts:\n  # guests\n  jane: 1\n  mary: 1\n", ["jane"], "contacts:\n  # guests\n  mary: 1\n",
    ),
    "the last without a line end": ("contacts:\n  john: 1\n  jane: 1", ["jane"], "contacts:\n  john: 1\n"),
    "several": ("contacts:\n  a: 1\n  b: 1\n  c: 1\n  d: 1\n", ["a", "c"], "contacts:\n  b: 1\n  d: 1\n"),
    "below lines that are kept": (
        "contacts:\n  john: |+\n    a\n  jane: 1\n\n  mary: 1\n", ["jane"], "contacts:\n  john: |+\n    a\n  mary: 1\n",
    ),
    "in brackets the first": ("contacts: {a: 1, b: 2}\n", ["a"], "contacts: {b: 2}\n"),
    "in brackets the last": ("contacts: {a: 1, b: 2}\n", ["b"], "contacts: {a: 1}\n"),
    "in brackets some": ("contacts: {a: 1, b: 2, c: 3, d: 4}\n", ["b", "d"], "contacts: {a: 1, c: 3}\n"),
    "in brackets the last two": ("contacts: {a: 1, b: 2, c: 3}\n", ["b", "c"], "contacts: {a: 1}\n"),
    "in brackets all": ("contacts: {a: 1, b: 2}\n", ["a", "b"], "contacts: {}\n"),
    "from a list": ("links:\n- {a: 1}\n# about b\n- b: 1\n  c: 2\n- {d: 1}\n", [1], "links:\n- {a: 1}\n- {d: 1}\n"),
    "from a list with dashes apart": (
        "links:\n  - {a: 1}\n  -\n    # in it\n    b: 1\n  # next\n  - {d: 1}\n", [1], "links:\n  - {a: 1}\n  # next\n  - {d: 1}\n",
    ),
    "an alias from a list": ("x: &a {b: 1}\nlinks:\n- {a: 1}\n- *a # c\n- {d: 1}\n", [1], "x: &a {b: 1}\nlinks:\n- {a: 1}\n- {d: 1}\n"),
    "the first of a list": ("links:\n  - {a: 1}\n  - {d: 1}\n", [0], "links:\n  - {d: 1}\n"),
    "from a list in brackets": ("links: [{a: 1}, {b: 1}]\n", [1], "links: [{a: 1}]\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "gone", "after"), REMOVED.values(), ids=REMOVED)
def test_resources_are_removed(before: str, gone: list[str | int], after: str) -> None:
    edited = Text(before)
    kind = "links" if "links:" in before else "contacts"
    spots = [spot_of(edited, kind, key) for key in gone]
    remove(edited, spots[0].parent, [spot.number for spot in spots])
    assert edited.changed() == after
    values_of(after)


def test_a_block_that_others_use_moves_to_them() -> None:
    edited = Text("contacts:\n  jane: &a\n    zip: 1\n  john: {<<: *a}\n  mary: *a\n")
    remove(edited, spot_of(edited, "contacts", "jane").parent, [0])
    assert edited.changed() == "contacts:\n  john: {<<: &a {zip: 1}}\n  mary: *a\n"


def test_a_block_that_cannot_move_is_not_removed() -> None:
    edited = Text("x: &b 2\ncontacts:\n  jane: &a {zip: 1, fee: *b}\n  john: {<<: *a}\n")
    with pytest.raises(EntangledError):
        remove(edited, spot_of(edited, "contacts", "jane").parent, [0])


def test_a_column_that_those_who_merge_a_block_would_get_is_left() -> None:
    with pytest.raises(EntangledError):
        set_("jane: &a {zip: 1}\nx: {<<: *a}\n", "jane", fee=2)


ONE, TWO = ("ann", {"zip": "1"}), ("bob", {"notes": LINES})
ADDED = {
    "after the last": (
        "taxes:\n    a:\n        b: 1 # c\n\n    # more\n\n# next\nx: 1\n",
        "taxes:\n    a:\n        b: 1 # c\n\n    # more\n    ann:\n        zip: '1'\n    bob:\n"
        "        notes: |-\n          first\n          second\n\n# next\nx: 1\n",
    ),
    "to nothing": ("taxes: # c\nx: 1\n", "taxes: # c\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second\nx: 1\n"),
    "to null": ("taxes: ~", "taxes:\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second"),
    "to empty brackets": ("taxes: {}\n", "taxes:\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second\n"),
    "in brackets": ("taxes: {a: {b: 1}} # c\n", "taxes: {a: {b: 1}, ann: {zip: '1'}, bob: {notes: \"first\\nsecond\"}} # c\n"),
    "in brackets of brackets": ("{taxes: , x: 1}\n", "{taxes: {ann: {zip: '1'}, bob: {notes: \"first\\nsecond\"}}, x: 1}\n"),
    "in empty brackets of brackets": ("{taxes: {}}\n", "{taxes: {ann: {zip: '1'}, bob: {notes: \"first\\nsecond\"}}}\n"),
    "after kept lines": (
        "taxes:\n  a: |+\n    b\n\nx: 1\n",
        "taxes:\n  a: |+\n    b\n\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second\nx: 1\n",
    ),
    "a kind of its own": ("# a file\nx: 1", "# a file\nx: 1\ntaxes:\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second"),
    "an empty file": ("", "taxes:\n  ann:\n    zip: '1'\n  bob:\n    notes: |-\n      first\n      second\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ADDED.values(), ids=ADDED)
def test_resources_are_added(before: str, after: str) -> None:
    edited, kind = Text(before), KINDS["taxes"]
    if can_append(edited, kind):
        append(edited, kind, [ONE, TWO])
    else:
        assert can_begin(edited, kind)
        begin(edited, kind, [ONE, TWO])
    assert edited.changed() == after
    assert cast("dict[str, JSON]", values_of(after)["taxes"]).items() >= dict([ONE, TWO]).items()


LINKS = {
    "after the last": ("capacities:\n- {a: 1}\nx: 1\n", "capacities:\n- {a: 1}\n- {zip: '1'}\n- notes: |-\n    first\n    second\nx: 1\n"),
    "in brackets": ("capacities: [{a: 1}]\n", "capacities: [{a: 1}, {zip: '1'}, {notes: \"first\\nsecond\"}]\n"),
    "to nothing": ("capacities:\n", "capacities:\n  - {zip: '1'}\n  - notes: |-\n      first\n      second\n"),
    "to empty brackets": ("capacities: []\n", "capacities:\n  - {zip: '1'}\n  - notes: |-\n      first\n      second\n"),
    "in brackets of brackets": ("{capacities: []}\n", "{capacities: [{zip: '1'}, {notes: \"first\\nsecond\"}]}\n"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), LINKS.values(), ids=LINKS)
def test_links_are_added(before: str, after: str) -> None:
    edited = Text(before)
    append(edited, KINDS["capacities"], [ONE, TWO])
    assert edited.changed() == after
    values_of(after)


def test_a_new_kind_comes_after_what_is_added_to_the_last_one() -> None:
    edited = Text("taxes:\n  a: 1\n")
    begin(edited, KINDS["coupons"], [ONE])
    append(edited, KINDS["taxes"], [ONE])
    assert edited.changed() == (
        "taxes:\n  a: 1\n  ann:\n    zip: '1'\ncoupons:\n  ann:\n    zip: '1'\n"
    )


def test_a_key_that_is_an_alias_is_found_where_it_stands() -> None:
    edited = Text("contacts:\n  &k jane: {zip: 1}\nbookings:\n  *k : {zip: 1}\n")
    set_columns(*(edited, spot_of(edited, "bookings", "jane")), {"zip": New(2)}, ORDER)
    assert edited.changed().endswith("jane: {zip: 1}\nbookings:\n  *k : {zip: 2}\n")


@pytest.mark.parametrize(
    "text", ["x: &a {b: 1}\ntaxes: *a\n", "taxes: 1\n...\n", "  x: 1\n...\n", "{x: 1}\n", "- 1\n"]
)
def test_some_files_can_take_no_more(text: str) -> None:
    assert not can_append(Text(text), KINDS["taxes"])
    assert not can_begin(Text(text), KINDS["taxes"])


# -- any file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_any_file_says_what_it_is_made_to_say(seed: int) -> None:
    dice = Random(seed)
    for _ in range(8):
        text = Messy(dice).file()
        if not parse(text, "test.yaml").problems:
            _make_it_say(text, dice)


def _make_it_say(text: str, dice: Random) -> None:
    wanted, gone = values_of(text), {}
    for name, holder in wanted.items():
        if holder and isinstance(holder, dict | list):
            gone[name] = _change(holder, dice)
    for _ in range(8):
        edited = Text(text)
        try:
            _edit(edited, values_of(text), wanted, gone)
        except EntangledError:
            return
        if not edited.is_changed:
            break
        text = edited.changed()
    # a kind without resources is nothing
    assert {n: v or None for n, v in values_of(text).items()} == {
        n: v or None for n, v in wanted.items()
    }


def _change(holder: dict[str, JSON] | list[JSON], dice: Random) -> int | None:
    """Change what shall be said about some resources; answers which one shall go, if any."""
    resources = list(holder.values()) if isinstance(holder, dict) else list(holder)
    for resource in resources:
        if isinstance(resource, dict) and dice.random() < 0.5:
            for name in dice.sample(COLUMNS, dice.randint(1, 2)):
                resource[name] = _any_value(dice, 2)
    # in a list only mappings can be resources
    some = [
        n for n, item in enumerate(resources) if isinstance(holder, dict) or isinstance(item, dict)
    ]
    if not some or dice.random() < 0.5:
        return None
    number = dice.choice(some)
    if isinstance(holder, dict):
        del holder[list(holder)[number]]
    else:
        del holder[number]
    return number


def _any_value(dice: Random, depth: int) -> JSON:
    kind = dice.choice(
        ["text", "text", "number", "list", "mapping"] if depth else ["text", "number"]
    )
    if kind == "list":
        return [_any_value(dice, depth - 1) for _ in range(dice.randint(0, 3))]
    if kind == "mapping":
        names = dice.sample(COLUMNS, dice.randint(0, 3))
        return {name: _any_value(dice, depth - 1) for name in names}
    return dice.choice([*TEXTS, LINES]) if kind == "text" else dice.choice([None, 1, 0.5, True])


def _edit(
    edited: Text, actual: dict[str, JSON], wanted: dict[str, JSON], gone: dict[str, int | None]
) -> None:
    """Bring a text one step nearer to what it shall say."""
    for name, holder in wanted.items():
        before = actual[name]
        if not isinstance(before, dict | list) or not isinstance(holder, dict | list):
            continue
        if len(before) > len(holder):
            number = gone[name]
            assert number is not None
            if isinstance(before, list) and not isinstance(before[number], dict):
                raise EntangledError  # what its anchor stands at became nothing
            spot = spot_of(
                edited, name, list(before)[number] if isinstance(before, dict) else number
            )
            remove(edited, spot.parent, [spot.number])
            continue
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            was, shall = before[key], holder[key]  # type: ignore[index]
            _set_what_differs(edited, (name, key), was, shall)


def _set_what_differs(edited: Text, path: tuple[str, str | int], was: JSON, shall: JSON) -> None:
    old = was if isinstance(was, dict) else {}
    is_item, new_names = isinstance(path[1], int), set(shall if isinstance(shall, dict) else ())
    if was != shall and (old.keys() - new_names or (is_item and old is not was)):
        raise EntangledError  # its anchor stands at something else now
    if not isinstance(shall, dict):
        return
    new = {
        name: New(value, old.get(name))
        for name, value in shall.items()
        if name not in old or old[name] != value
    }
    if new:
        order = list(dict.fromkeys((*COLUMNS, *new)))
        set_columns(edited, spot_of(edited, *path), new, order)
