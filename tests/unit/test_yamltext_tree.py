"""The tree of a text: what stands where, as far as the text can be read."""

import pytest
from yaml import YAMLError

from reconciler.yamltext.lines import Lines
from reconciler.yamltext.read import MAX_DEPTH, read
from reconciler.yamltext.spots import find, spot_at
from reconciler.yamltext.tree import (
    OPEN,
    AnotherDocument,
    Collection,
    Scalar,
    TooDeep,
    anchor_of,
    below,
    entries,
)

# The characters of each node below the first; lines end with a bar.
TEXTS = {
    "plain": ("a: b # c\n", ["a", "b"]),
    "quotes": ("- 'it''s'\n- \"x\\n\"\n", ["'it''s'", '"x\\n"']),
    "brackets": ("a: [b, {c: d}] # e", ["a", "[b, {c: d}]", "b", "{c: d}", "c", "d"]),
    "mappings": ("a:\n  b: c\n\n# d\ne: f\n", ["a", "b: c", "b", "c", "e", "f"]),
    "lists": ("- - a\n  - b\n# c\n- d\n", ["- a|  - b", "a", "b", "d"]),
    "nothing": ("a:\nb: ~\n", ["a", "", "b", "~"]),
    "an anchor": ("a: &x # c\n  b\nc: *x\n", ["a", "b", "c", "*x"]),
    "an anchor of nothing": ("a: &x\nb: c\n", ["a", "", "b", "c"]),
    "an anchor of a block": ("a: &x\n  - b\n", ["a", "- b", "b"]),
    "lines": ("a: |\n  b\n\n\nc: d\n", ["a", "/|  b", "c", "d"]),
    "lines that are kept": ("a: |+\n  b\n\nc: d\n", ["a", "/+|  b|", "c", "d"]),
    "a comment below lines": ("a: >-\n  b\n# c\n", ["a", ">-|  b"]),
    "line ends of Windows": ("a: |\r\n  b\r\n\r\nc: d\r\n", ["a", "/\r|  b", "c", "d"]),
    "separators": ("a: x\u2028y\nb: '\x85'\n", ["a", "x\u2028y", "b", "'\x85'"]),
    "a tag": ("a: !t b\n", ["a", "!t b"]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_read_as_it_is_written(name: str) -> None:
    text, expected = TEXTS[name]
    tree = read(text)
    assert tree.root
    assert tree.stopped is None
    _, *nodes = below(tree.root)
    written = [text[node.start : node.stop].replace("|", "/") for node in nodes]
    assert [part.replace("\n", "|") for part in written] == expected


@pytest.mark.parametrize(
    ("text", "why", "start", "expected"),
    [
        ("a: b\nc: [d\ne: f: g\n", YAMLError, None, ["a", "b", "c", "d e"]),
        ("a: [b]\nc: }\n", YAMLError, None, ["a", "b", "c"]),
        ("a: b\n---\nc: d\n", AnotherDocument, 5, ["a", "b"]),
        ("a: b\n---\n}\n", AnotherDocument, 5, ["a", "b"]),
        ("[" * MAX_DEPTH + "a, [b, }", TooDeep, MAX_DEPTH + 3, ["a"]),
        ("\0", YAMLError, None, []),
    ],
)
def test_what_stands_before_an_end_is_read(
    text: str, why: type, start: int | None, expected: list[str]
) -> None:
    tree = read(text)
    assert isinstance(tree.stopped, why)
    assert getattr(tree.stopped, "start", None) == start
    nodes = list(below(tree.root)) if tree.root else []
    assert [node.text for node in nodes if isinstance(node, Scalar)] == expected


def test_what_was_not_read_to_its_end_is_open() -> None:
    tree = read("a: [b]\nc: [d\n}")
    assert tree.root
    ends = {n.start: n.stop for n in below(tree.root) if isinstance(n, Collection)}
    assert ends == {0: OPEN, 3: 6, 10: OPEN}


def test_anchors_and_tags_stand_before_their_values() -> None:
    tree = read("a: &x !t b\nc: *x\nd: &y [e]\n")
    values = [value for _, value in entries(tree.root)] if tree.root else []
    assert [value.place for value in values] == [3, 14, 20]
    assert [anchor_of(value) for value in values] == ["x", None, "y"]
    assert [getattr(value, "properties", None) for value in values] == [
        (3, "x", "!t"), None, (20, "y", None),
    ]  # fmt: skip
    assert tree.aliased == {"x"}


@pytest.mark.parametrize(("text", "explicit"), [("a: 1", False), ("--- {a: 1}", True), ("", False)])
def test_a_document_may_say_where_it_begins(text: str, explicit: bool) -> None:
    assert read(text).explicit is explicit


SPOTS = "a: {b: c}\nd:\n  - e: f\n    g: h\n  - &i [j]\n*k : l\n"


@pytest.mark.parametrize(
    ("written", "number", "mapping"),
    [
        ("a:", 0, True),
        ("b:", 0, True),
        ("d:", 1, True),
        ("e:", 0, False),  # the item, which begins where its first key does
        ("g:", 1, True),
        ("&i", 1, False),
        ("j]", 0, False),
        ("*k", 2, True),
    ],
)
def test_an_entry_is_found_where_it_begins(written: str, number: int, mapping: bool) -> None:
    spot = spot_at(read(SPOTS).root, SPOTS.index(written))
    assert spot
    assert (spot.number, spot.parent.mapping) == (number, mapping)


@pytest.mark.parametrize("written", ["{", "c}", "- e", "f", "[j"])
def test_nothing_is_found_where_no_entry_begins(written: str) -> None:
    assert spot_at(read(SPOTS).root, SPOTS.index(written)) is None


def test_an_entry_is_found_by_its_name() -> None:
    root = read("a: 1\n<<: {b: 2}\n'c': 3\n").root
    found = [find(root, name) for name in "abc"]
    assert [spot and spot.number for spot in found] == [0, None, 2]


def test_lines_and_offsets_are_of_one_place() -> None:
    text = "a\r\nbc\rd\n\ne"
    places = [Lines(text).place(text.index(letter)) for letter in "abcde"]
    assert places == [(0, 0), (1, 0), (1, 1), (2, 0), (4, 0)]
    assert "".join(text[Lines(text).offset(*place)] for place in places) == "abcde"
