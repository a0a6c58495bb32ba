"""YAML becomes nodes: as spelled, with their places, and without ever raising."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load.nodes import MappingNode, Node, Scalar, SequenceNode, locate
from reconciler.configuration.load.parse import parse
from reconciler.diagnostics import Position
from reconciler.yamltext.read import MAX_DEPTH


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {name: plain(entry.value) for name, entry in node.entries.items()}


def tree(text: str) -> object:
    parsed = parse(text, "f.yaml")
    assert parsed.root is not None, parsed.problems
    assert not parsed.problems
    return plain(parsed.root)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: 0123\nb: 1.10\nc: 15:00", {"a": "0123", "b": "1.10", "c": "15:00"}),
        ("a: [x, {b: c}]", {"a": ["x", {"b": "c"}]}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": "1"}, "c": {"b": "1"}}),
        ("a: &x {b: 1}\nd: {<<: *x, c: 3}", {"a": {"b": "1"}, "d": {"b": "1", "c": "3"}}),
        ("a: {<<: [{b: 1}, {b: 2, c: 2}]}", {"a": {"b": "1", "c": "2"}}),
        ("a: {c: 3, <<: {c: 1}}", {"a": {"c": "3"}}),
        ("a: {'<<': 1}", {"a": {"<<": "1"}}),
        ("a: &x [&y 1, *y]\nb: [*x, *y]", {"a": ["1", "1"], "b": [["1", "1"], "1"]}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("a:\t1", {"a": "1"}),
    ],
)  # fmt: skip
def test_text_becomes_nodes_as_spelled(text: str, expected: object) -> None:
    assert tree(text) == expected


def test_nodes_know_where_they_stand_and_whether_they_were_quoted() -> None:
    root = parse("a:\n  - 'x'\n  - {b: é, c: y}\n", "f.yaml").root
    assert root is not None
    assert locate(root, ["a", 0]) == Scalar("x", "'", 7, 3)
    assert locate(root, ["a", 1, "c"]) == Scalar("y", "", 25, 1)
    assert root.entries["a"].position == Position("f.yaml", 2, 3)


@pytest.mark.parametrize(
    "text", ["{a: {b: c}}", "k:\n  a:\n    b: c\n", "k:\n  a:\n    b:\n      c: d\n"]
)
def test_every_mapping_can_stand_at_another_place(text: str) -> None:
    waiting: list[Node] = [parse(text, "f.yaml").root or Scalar("", "", 0, 0)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            moved = node.placed(7)
            assert (plain(moved), moved.place) == (plain(node), 7)
            waiting += [entry.value for entry in node.entries.values()]


def test_a_path_is_followed_as_far_as_it_goes() -> None:
    root = parse("a: [x]", "f.yaml").root
    assert root is not None
    assert locate(root, ["a", 7]) is root.entries["a"].value
    assert locate(root, ["b"]) is root


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n"])
def test_an_empty_file_is_no_problem(text: str) -> None:
    assert parse(text, "f.yaml") == (None, False, ())


def test_as_deep_as_allowed_is_no_problem() -> None:
    depth = MAX_DEPTH - 1
    assert not parse(f"x: {'[' * depth}{']' * depth}", "f.yaml").problems


def test_many_aliases_of_one_small_value_are_no_problem() -> None:
    text = "a: &a [1, 2]\nb:\n" + "  - *a\n" * 10_000
    assert not parse(text, "f.yaml").problems


def test_what_follows_an_unknown_alias_is_still_checked() -> None:
    parsed = parse("a: *x\nb: [*y, 1]\nc: !!str 1\n", "f.yaml")
    assert [problem.code for problem in parsed.problems] == ["unknown-alias"] * 2 + ["tag"]
    assert parsed.root is not None
    assert plain(parsed.root) == {"b": ["1"], "c": "1"}


@given(st.text())
def test_parsing_never_raises(text: str) -> None:
    parsed = parse(text, "f.yaml")
    assert parsed.root is None or isinstance(parsed.root, MappingNode)


@given(st.text(alphabet="{}[]&*a: -\n!|>'\"?,<#%@`\t", max_size=60))
def test_parsing_what_looks_like_yaml_never_raises(text: str) -> None:
    parsed = parse("k: " + text, "f.yaml")
    for problem in parsed.problems:
        assert problem.position is not None
        assert problem.position.line <= text.count("\n") + 2
        assert problem.hint


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_quoted_text_stays_as_it_is(text: str) -> None:
    quoted = text.replace("'", "''")
    assert tree(f"a: '{quoted}'") == {"a": text}


def test_an_alias_has_its_own_place_but_not_its_text() -> None:
    root = parse("a: &a x\nb: &b [*a]\nc: {*a : *b, d: *a}\n", "f.yaml").root
    assert root is not None
    assert locate(root, ["b", 0]).place == 3
    assert locate(root, ["c", "x"]).place == 28
    assert locate(root, ["c", "d"]).place == 3
    assert cast("MappingNode", locate(root, ["c"])).entries["x"].key.place == 23
